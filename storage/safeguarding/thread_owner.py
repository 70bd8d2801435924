"""Finds the case in which somebody writes with whoever helps them."""

from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select, update

from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.people import people
from storage.tables import cases

# Home runs this. Of those without a person, only the address tells whose they are.
_OPEN = prepared(
    select(cases)
    .where(
        cases.c.closed_at.is_(None),
        cases.c.thread.is_not(None),
        or_(
            cases.c.person_id == bindparam("person"),
            and_(cases.c.person_id.is_(None), cases.c.door_kind == bindparam("kind")),
        ),
    )
    .order_by(cases.c.person_id.is_(None), cases.c.id.desc())
)


def case_with_thread(db: Db, door: Door) -> Row[Any] | None:
    """The newest open case with a thread of whoever is at this door; None if there is none. Somebody who deleted everything
    else is told by the address that their case keeps.
    """
    found = db.run(_OPEN, {"person": door.person.id, "kind": door.channel.name}).all()
    return next((row for row in found if row.person_id is not None or _is_at(db, row, door)), None)


def has_open_case(db: Db, door: Door) -> bool:
    """Whether an open case is about whoever is at this door, also once they have deleted everything else."""
    mine = or_(cases.c.person_id == door.person.id, cases.c.person_id.is_(None))
    here = (cases.c.closed_at.is_(None), cases.c.door_kind == door.channel.name, mine)
    return any(
        row.person_id is not None or _is_at(db, row, door) for row in db.run(select(cases).where(*here))
    )


def _is_at(db: Db, row: Row[Any], door: Door) -> bool:
    return db.vault.open(row.address, sealing_context(row.id)) == people.address_of(db, door.id)


def attach(db: Db, case: int, person: int) -> None:
    """Makes a case theirs again, when they write in it after they had deleted everything else."""
    db.run(update(cases).where(cases.c.id == case, cases.c.person_id.is_(None)).values(person_id=person))


def sealing_context(case: int) -> str:
    return f"cases:address:{case}"
