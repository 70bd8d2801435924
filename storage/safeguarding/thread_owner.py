"""Finds the case in which somebody writes with whoever helps them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select, update

from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.people import people
from storage.tables import cases


def _with_thread(*whose: ColumnElement[bool]) -> Select[Any]:
    there = (cases.c.closed_at.is_(None), cases.c.thread.is_not(None))
    return select(cases).where(*there, *whose).order_by(cases.c.id.desc())


# Home runs these.
_OWN = prepared(_with_thread(cases.c.person_id == bindparam("person")).limit(1))
_LEFT = prepared(_with_thread(cases.c.person_id.is_(None), cases.c.door_kind == bindparam("kind")))


def case_with_thread(db: Db, door: Door) -> Row[Any] | Any:
    """The newest open case with a thread of whoever is at this door; None if there is none. Somebody who deleted everything
    else is told by the address that their case keeps.
    """
    own = db.run(_OWN, {"person": door.person.id}).first()
    left = () if own is not None else db.run(_LEFT, {"kind": door.channel.name}).all()
    address = people.address_of(db, door.id) if left else None
    return own or next(
        (row for row in left if db.vault.open(row.address, sealing_context(row.id)) == address), None
    )


def attach(db: Db, case: int, person: int) -> None:
    """Makes a case theirs again, when they write in it after they had deleted everything else."""
    db.run(update(cases).where(cases.c.id == case, cases.c.person_id.is_(None)).values(person_id=person))


def sealing_context(case: int) -> str:
    return f"cases:address:{case}"
