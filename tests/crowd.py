"""Many people, added directly to the database: they joined, and may have taken part."""

from datetime import date

from sqlalchemy import select

from bot.cli.play import open_now
from conversations.consultations.form import Form, Option, Question
from conversations.core.record import replace
from storage.core.unit_of_work import Db
from storage.people import people
from storage.tables import doors, taking_part
from storage.tables import people as people_table

HUB = Form(
    code="hub",
    title={"en": "The new youth hub"},
    decision_maker={"en": "the youth committee"},
    questions=(
        Question(
            "visit", "select_one", {"en": "Would you come?"}, options=(Option("yes", {"en": "Yes"}), Option("no", {"en": "No"}))
        ),
        Question("why", "text", {"en": "Why?"}),
    ),
)  # fmt: skip


def open_hub(db: Db, code: str = "hub", **columns: object) -> int:
    """An open consultation, with an answer promised by 20 December; returns its id."""
    return open_now(db, replace(HUB, code=code), **{"reply_by": date(2026, 12, 20), **columns})


def add_crowd(
    db: Db, many: int, *, consultation: int | None = None, first: int = 1000, door: str = "telegram"
) -> list[int]:
    """This many people who agreed, each with one door; returns their ids. Their addresses count up from `first`."""
    rows = [
        {"band": "16-17", "language": "en", "version": "normal", "agreed_at": db.now, "created_at": db.now}
    ] * many
    before = db.run(select(people_table.c.id).order_by(people_table.c.id.desc()).limit(1)).scalar() or 0
    db.run(people_table.insert(), rows)
    ids = list(
        db.run(
            select(people_table.c.id).where(people_table.c.id > before).order_by(people_table.c.id)
        ).scalars()
    )
    db.run(doors.insert(), [_door(db, person, str(first + n), door) for n, person in enumerate(ids)])
    main = select(doors.c.id).where(doors.c.person_id == people_table.c.id).scalar_subquery()
    db.run(people_table.update().where(people_table.c.id > before).values(main_door=main))
    if consultation is not None and ids:
        part = {"consultation_id": consultation, "started_at": db.now}
        db.run(taking_part.insert(), [{"person_id": person, **part} for person in ids])
    return ids


def _door(db: Db, person: int, address: str, kind: str) -> dict[str, object]:
    hashed = db.vault.keyed_hash(address)
    sealed = db.vault.seal(address, people.sealing_context(kind, hashed))
    return {"person_id": person, "kind": kind, "address_hash": hashed, "address": sealed, "used_at": db.now}
