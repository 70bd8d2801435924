"""Return codes bring a person back to their answers from another browser. Shown once, stored hashed."""

import secrets

from sqlalchemy import select, update

from conversations.core.effects import Fresh
from conversations.people.effects import MakeReturnCode
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.tables import people

# Crockford's base 32, without the ambiguous I, L, O and U. 12 letters are 60 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS, _GROUP = 12, 4
_MISREAD = str.maketrans("OILU", "011V")


def make_return_code(db: Db, door: Door, _effect: MakeReturnCode | None = None) -> Fresh:
    """Makes a new code, such as "7KQ2-M4XT-9BHD"; the old one stops working."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    hashed = db.vault.keyed_hash(_hash_input(letters))
    db.run(update(people).where(people.c.id == door.person.id).values(return_hash=hashed))
    groups = (letters[i : i + _GROUP] for i in range(0, _LETTERS, _GROUP))
    return {"return_code": "-".join(groups)}


def has_return_code(db: Db, person: int) -> bool:
    return db.run(select(people.c.return_hash).where(people.c.id == person)).scalar() is not None


def person_by_return_code(db: Db, code: str) -> int | None:
    """The person with this code, None if nobody. Accepts spaces, small letters, and O for 0."""
    letters = _plain(code)
    if len(letters) != _LETTERS:
        return None
    fits = people.c.return_hash.in_(db.vault.hashes_ever(_hash_input(letters)))
    return db.run(select(people.c.id).where(fits)).scalar()


def _plain(code: str) -> str:
    letters = code[:100].upper().translate(_MISREAD)
    return "".join(letter for letter in letters if letter in _ALPHABET)


def _hash_input(letters: str) -> str:
    return f"return:{letters}"


HANDLERS: Handlers = {MakeReturnCode: EffectHandler(make_return_code)}
