"""Millions of rows, made by SQLite itself: people who joined, took part and answered."""

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.people import people
from storage.security.vault import Vault

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
_NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
_PEOPLE = f"""
INSERT INTO people (id, language, version, band, band_asked_at, agreed_at, frequency, main_door, created_at)
{_NUMBERS} SELECT i, 'en', 'normal', '16-17', {_NOW}, {_NOW}, 'now', i, {_NOW} FROM n
"""
_DOORS = f"""
INSERT INTO doors (id, person_id, kind, address_hash, address, reachable, shared, used_at)
{_NUMBERS} SELECT i, i, 'telegram', hashed(i), sealed(i), 1, 0, {_NOW} FROM n
"""
_PARTS = f"""
INSERT INTO taking_part (person_id, consultation_id, started_at)
{_NUMBERS} SELECT i, :about, {_NOW} FROM n
"""
_ANSWERS = f"""
INSERT INTO answers (person_id, consultation_id, question, option, skipped, at)
{_NUMBERS}, q(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM q WHERE k < :questions)
SELECT i, :about, 'q' || k, 'o' || ((i * 7 + k) % 4), 0, {_NOW} FROM n, q
"""
_NEXT = "SELECT 1 + max((SELECT ifnull(max(id), 0) FROM people), (SELECT ifnull(max(id), 0) FROM doors))"
CHATS = 5_000_000_000  # a person's chat is their id, so much higher
_PIECE = 50_000


class Seeded:
    """A SQLite file of a Heard whose keys are known. Used while nobody else writes to it."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path, self._vault = path, vault

    def grow(self, many: int, about: int | None = None, questions: int = 0) -> range:
        """Makes so many people; gives their ids. All took part in the consultation `about`, where it is given, and
        answered the first `questions` of it.
        """
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            connection.create_function("hashed", 1, self._hashed, deterministic=True)
            connection.create_function("sealed", 1, self._sealed)
            connection.execute("PRAGMA synchronous=OFF")
            [begin] = connection.execute(_NEXT).fetchone()
            made = range(begin, begin + many)
            statements = [_PEOPLE, _DOORS, *([_PARTS] if about else []), *([_ANSWERS] if questions else [])]
            for first in made[::_PIECE]:
                last = min(first + _PIECE, made.stop) - 1
                values = {"first": first, "last": last, "about": about, "questions": questions}
                connection.execute("BEGIN IMMEDIATE")
                for statement in statements:
                    connection.execute(statement, values)
                connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return made

    def _hashed(self, person: int) -> bytes:
        return self._vault.keyed_hash(str(CHATS + person))

    def _sealed(self, person: int) -> bytes:
        address = str(CHATS + person)
        return self._vault.seal(address, people.sealing_context("telegram", self._vault.keyed_hash(address)))
