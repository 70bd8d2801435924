"""After a restore, repeats the requests that people made since the backup. For broadcasts see after_restore.py."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import bindparam, delete, func, literal, select, update

from conversations.core.record import Record
from storage.core.unit_of_work import Db
from storage.operations.replay_cases import CASE_KINDS, CaseNotes, find_cases, replay_cases
from storage.operations.replay_withdrawals import Withdrawn, find_withdrawn, replay_withdrawals
from storage.people import people
from storage.security.erasure_log import Tombstone, TombstoneKind
from storage.security.vault import ID_BYTES, KeyMismatch
from storage.tables import doors, quotes, roles, rota, team_days, team_names
from storage.tables import people as people_table

T = TypeVar("T")
PIECE = 500  # doors or people at a time

StampOfPerson = tuple[int, bytes]  # a person's id, and one of their stamps

_DOORS = select(doors.c.id, doors.c.person_id, doors.c.kind, doors.c.address_hash, doors.c.address)
_WITH_HASH = select(doors.c.person_id, doors.c.address_hash).where(
    doors.c.address_hash.in_(bindparam("hashes", expanding=True))
)


class Requests(Record):
    """What a restore undid: by the ids of people, oldest first, by the numbers of cases, and what was withdrawn."""

    people: Mapping[int, tuple[TombstoneKind, ...]]
    cases: CaseNotes
    withdrawn: Withdrawn = ()


class ReplayCounts(Record):
    """How many people were erased, had messages stopped, lost their quotes' consent, had what they said left unused, and left the team, and how many cases
    were closed and published things withdrawn, once more.
    """

    forgot: int = 0
    stopped: int = 0
    unquoted: int = 0
    unused: int = 0
    left: int = 0
    closed: int = 0
    withdrawn: int = 0


def find_requests(db: Db, notes: Sequence[Tombstone]) -> Requests:
    """The people and cases in this database that these tombstones are about. Raises KeyMismatch if a key is unknown, because
    then somebody who was deleted would be back.
    """
    if not all(db.vault.knows(stamp) for line in notes for stamp in line.stamps):
        raise KeyMismatch(
            "People were deleted since this backup was made, under a data key that is not set: they would be back."
            " Set that key too: DATA_KEY=NEW,OLD."
        )
    return Requests(
        _find_people(db, [line for line in notes if line.kind not in (*CASE_KINDS, "withdrawn")]),
        find_cases(db, notes),
        find_withdrawn(db, notes),
    )


def _find_people(db: Db, notes: Sequence[Tombstone]) -> Mapping[int, tuple[TombstoneKind, ...]]:
    lines: dict[bytes, list[int]] = {}
    for n, line in enumerate(notes):
        for stamp in line.stamps:
            lines.setdefault(stamp, []).append(n)
    found: dict[int, set[int]] = {}
    for person, stamp in (*_by_hash(db, list(lines)), *_by_address(db, lines)):
        found.setdefault(person, set()).update(lines[stamp])
    return {person: tuple(notes[n].kind for n in sorted(those)) for person, those in found.items()}


def replay(db: Db, asked: Requests) -> ReplayCounts:
    """Erases people again, stops messages again, closes cases again, and so on."""
    closed, withdrawn = replay_cases(db, asked.cases), replay_withdrawals(db, asked.withdrawn)
    forgot = [person for person, kinds in asked.people.items() if "forgot" in kinds]
    stayed = {person: kinds for person, kinds in asked.people.items() if "forgot" not in kinds}
    stopped = [person for person, kinds in stayed.items() if _last_word(kinds) == "stopped"]
    started = [person for person, kinds in stayed.items() if _last_word(kinds) == "started"]
    unquoted = [person for person, kinds in stayed.items() if "unquoted" in kinds]
    unused = [person for person, kinds in stayed.items() if _is_unused(kinds)]
    left = [person for person, kinds in stayed.items() if "left" in kinds]
    for those in _pieces(forgot):
        people.erase(db, people_table.c.id.in_(those))
    for those, moment in ((stopped, db.now), (started, None)):
        for some in _pieces(those):
            db.run(update(people_table).where(people_table.c.id.in_(some)).values(stopped_at=moment))
    # The erasure log does not say which sentence it was, so none is quoted until they consent again.
    for those in _pieces(unquoted):
        db.run(
            update(quotes).where(quotes.c.person_id.in_(those), quotes.c.state == "yes").values(state="no")
        )
    # Nor what they took back, so nothing of theirs is used until they say so.
    for those in _pieces(unused):
        db.run(update(people_table).where(people_table.c.id.in_(those)).values(unused_since=db.now))
    for those in _pieces(left):
        for table in (roles, rota, team_names, team_days):
            db.run(delete(table).where(table.c.person_id.in_(those)))
    return ReplayCounts(len(forgot), len(stopped), len(unquoted), len(unused), len(left), closed, withdrawn)


def _last_word(kinds: Sequence[TombstoneKind]) -> TombstoneKind | None:
    return next((kind for kind in reversed(kinds) if kind in {"stopped", "started"}), None)


def _is_unused(kinds: Sequence[TombstoneKind]) -> bool:
    used = next((kind for kind in reversed(kinds) if kind in {"unused", "used"}), None)
    return used == "unused" or "took-back" in kinds


def _by_hash(db: Db, stamps: Sequence[bytes]) -> Iterator[StampOfPerson]:
    """People whose door was hashed with the stamp's own key."""
    for some in _pieces(stamps):
        stamp_of = {stamp[ID_BYTES:]: stamp for stamp in some}
        for row in db.run(_WITH_HASH, {"hashes": list(stamp_of)}):
            yield row.person_id, stamp_of[bytes(row.address_hash)]


def _by_address(db: Db, stamps: Mapping[bytes, object]) -> Iterator[StampOfPerson]:
    """People whose door was hashed with another key. Opens their addresses and stamps them with every key."""
    keys = {stamp[:ID_BYTES] for stamp in stamps}
    query = _DOORS
    if len(keys) == 1:
        query = query.where(
            func.substr(doors.c.address, 1, ID_BYTES) != literal(keys.pop(), doors.c.address.type)
        )
    elif not keys:
        return
    last = 0
    while rows := db.run(query.where(doors.c.id > last).order_by(doors.c.id).limit(PIECE)).all():
        last = rows[-1].id
        for row in rows:
            address = db.vault.open(row.address, people.sealing_context(row.kind, row.address_hash))
            yield from ((row.person_id, one) for one in db.vault.stamps_ever(address) if one in stamps)


def _pieces(these: Sequence[T]) -> Iterator[Sequence[T]]:
    return (these[n : n + PIECE] for n in range(0, len(these), PIECE))
