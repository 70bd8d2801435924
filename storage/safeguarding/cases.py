"""Safeguarding cases: opened in the turn that saw the sign, and reported to those who can help."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, ScalarSelect, bindparam, func, select, update

from conversations.core.channels import BY_NAME
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.message_kind import MessageKind
from conversations.core.messages import Session
from conversations.people.facts import OwnCases
from conversations.safeguarding.casework.entries import REPLY
from conversations.safeguarding.detector import KINDS
from conversations.safeguarding.effects import AskForCall, RaiseAlert
from conversations.safeguarding.facts import CaseInformed, LeadReachable
from conversations.safeguarding.helplines import Informed
from conversations.safeguarding.messages import CASE_INFORMED, READ_BY_LEAD
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks, new_id, prepared
from storage.outbox.outbox import UNDERWAY
from storage.people import people
from storage.safeguarding import alerts, rota, telling, words
from storage.safeguarding.thread_owner import attach, case_with_thread, sealing_context
from storage.tables import case_words, cases
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table

ONE_CASE = timedelta(hours=1)

# Every turn of joining runs this: see `prepared`.
_OWN = prepared(
    select(cases.c.id)
    .where(cases.c.person_id == bindparam("person"), cases.c.closed_at.is_(None))
    .order_by(cases.c.id)
)


# --- a sign ---------------------------------------------------------------------------------------


def raise_alert(db: Db, door: Door, effect: RaiseAlert) -> None:
    """Opens a case, or adds a sign to the person's open case of the last hour, or to the one in whose thread they write.
    Alerts those who can help.
    """
    found = case_with_thread(db, door) if effect.step == REPLY else None
    found = found or _open_case(db, door.person.id, cases.c.opened_at > db.now - ONE_CASE)
    if found is not None and words.lock_open(db, found.id):
        attach(db, found.id, door.person.id)
        number = _add_sign(db, found, effect)
    else:
        number = _open_new(db, door, effect)
    words.keep(db, number, effect.text, effect.step)
    telling.tell(db, number, effect.kind)


def ask_for_call(db: Db, door: Door, _effect: AskForCall) -> None:
    """Records that the person wants to be contacted. Raises Refused if the alert would reach nobody now."""
    found = _open_case(db, door.person.id)
    number = (
        found.id
        if found and words.lock_open(db, found.id)
        else _open_new(db, door, RaiseAlert("request_for_help", "support.choose"))
    )
    db.run(update(cases).where(cases.c.id == number).values(wants_call=True, thread="open"))
    if telling.tell(db, number, "call") == "nobody":
        raise Refused(
            N_(
                "I can't reach anybody in the team just now. Use one of these numbers: they are there for you."
            )
        )


def open_by_hand(db: Db, there: Door, sign: RaiseAlert, by: int) -> int:
    """Opens a case about what somebody wrote, or adds to their open one, and tells them who can help. Whoever opens it is on
    it. Returns its number.
    """
    found = _open_case(db, there.person.id)
    found = found if found and words.lock_open(db, found.id) else None
    number = _add_sign(db, found, sign) if found else _open_new(db, there, sign)
    words.keep(db, number, sign.text, sign.step)
    if found is None:
        taken = {"acknowledged_by": by, "acknowledged_at": db.now, "first_taken_at": db.now, "check_at": None}
        db.run(update(cases).where(cases.c.id == number).values(**taken))
        telling.note_informed(db, number, "team")
    _tell(db, there, READ_BY_LEAD, number, f"{READ_BY_LEAD.name}:{number}:{db.now.isoformat()}")
    return number


def _open_case(db: Db, person: int, *more: ColumnElement[bool]) -> Row[Any] | None:
    theirs = select(cases).where(cases.c.person_id == person, cases.c.closed_at.is_(None), *more)
    return db.run(theirs.order_by(cases.c.id.desc()).limit(1)).first()


def newest_open(db: Db, person: int) -> int | None:
    """The number of a person's newest open case."""
    found = _open_case(db, person)
    return found.id if found else None


def _open_new(db: Db, door: Door, sign: RaiseAlert) -> int:
    values = {
        "person_id": door.person.id,
        "door_kind": door.channel.name,
        "kind": sign.kind,
        "step": sign.step,
        "check_at": db.now + alerts.ON_ITS_WAY,
        "waits_since": db.now,
    }
    number = new_id(db.run(cases.insert().values(**values, address=b"", opened_at=db.now)))
    address = people.address_of(db, door.id)
    assert address is not None
    sealed = db.vault.seal(address, sealing_context(number))
    db.run(update(cases).where(cases.c.id == number).values(address=sealed))
    return number


def _add_sign(db: Db, case: Row[Any], sign: RaiseAlert) -> int:
    gravest = min(case.kind, sign.kind, key=KINDS.index)
    db.run(update(cases).where(cases.c.id == case.id).values(signs=cases.c.signs + 1, kind=gravest))
    return int(case.id)


# --- its person -----------------------------------------------------------------------------------


def tell_person(db: Db, row: Row[Any], informed: Informed) -> None:
    """Tells the person of a case who in the team knows of it by now."""
    once = f"{CASE_INFORMED.name}:{row.id}:{informed}:{db.now.isoformat()}"
    _tell(db, door_of(db, row), CASE_INFORMED, row.id, once)
    telling.note_informed(db, row.id, informed)


def _tell(db: Db, there: Door, kind: MessageKind, case: int, once: str) -> None:
    message = {"door_id": there.id, "door_kind": there.channel.name, "about": case, "due": db.now}
    what = {"lane": kind.lane, "state": "waiting", "kind": kind.name}
    db.run(outbox_table.insert().values(once=once, **message, **what))


def door_of(db: Db, row: Row[Any]) -> Door:
    """The door that a case's person wrote from, though they may have deleted everything else since."""
    return people.find_or_create_door(
        db,
        BY_NAME[row.door_kind],
        db.vault.open(row.address, sealing_context(row.id)),
        row.language,
        row.version,
    )


def detach_erased(db: Db, going: people.ErasingPeople) -> None:
    """Detaches open cases from people who are erased. A case keeps its sealed address until it is closed, and their language
    and reading version, so that whoever helps still writes to them in it.
    """
    read = {
        name: func.coalesce(_of_person(people_table.c[name]), cases.c[name])
        for name in ("language", "version")
    }
    db.run(update(cases).where(cases.c.person_id.in_(going.ids)).values(person_id=None, **read))


def _of_person(column: Column[str]) -> ScalarSelect[str]:
    return select(column).where(people_table.c.id == cases.c.person_id).scalar_subquery()


def case_informed(db: Db, _door: Door, session: Session) -> CaseInformed:
    asked = select(cases.c.informed).where(is_open(session.number("case")))
    return CaseInformed(db.run(asked).scalar())


def lead_reachable(db: Db, door: Door, _session: Session) -> LeadReachable:
    """Who gets the alerts about this person's case now."""
    case = _open_case(db, door.person.id)
    if case is None or not case.alert:
        return LeadReachable("nobody")
    return LeadReachable(alerts.who_is_reached(db, case.alert), _is_put_right(db, case.id))


def _is_put_right(db: Db, case: int) -> bool:
    """Whether a message tells a case's person who knows of it, since they last wrote a sign."""
    sign = select(func.max(case_words.c.at)).where(case_words.c.case_id == case).scalar_subquery()
    message = (
        outbox_table.c.lane == CASE_INFORMED.lane,
        outbox_table.c.state.in_((*UNDERWAY, "sent", "shown")),
        outbox_table.c.kind == CASE_INFORMED.name,
        outbox_table.c.about == case,
    )
    since = select(outbox_table.c.id).where(*message, outbox_table.c.due >= sign)
    return db.run(since.limit(1)).first() is not None


def own_cases(db: Db, door: Door, _session: Session) -> OwnCases:
    return OwnCases(open_case_numbers(db, door.person.id))


def open_case_numbers(db: Db, person: int) -> tuple[int, ...]:
    """The numbers of a person's open cases."""
    return tuple(db.run(_OWN, {"person": person}).scalars())


def check_not_own(db: Db, door: Door, case: int) -> None:
    """Raises Refused if a case is about whoever is at this door, as long as somebody else may see cases."""
    own = select(cases.c.id).where(is_open(case), cases.c.person_id == door.person.id)
    if db.run(own).first() is not None and has_others(db, door):
        # For staff.
        raise Refused(N_("That case is about you, so somebody else in the team has to do that."))


def has_others(db: Db, door: Door) -> bool:
    """Whether anybody but whoever is at this door may see cases now."""
    return bool(rota.all_who_see_cases(db) - {door.person.id})


def is_open(case: int) -> ColumnElement[bool]:
    """Whether the case of this number is open."""
    return (cases.c.id == case) & cases.c.closed_at.is_(None)


SEALED: SealedColumns = (SealedColumn(cases.c.address, lambda row: sealing_context(row["id"])),)
HANDLERS: Handlers = {
    RaiseAlert: EffectHandler(raise_alert),
    AskForCall: EffectHandler(ask_for_call),
}
FACTS: Loaders = {
    LeadReachable: lead_reachable,
    CaseInformed: case_informed,
    OwnCases: own_cases,
}
MY_DATA: MyDataFields = {"cases": open_case_numbers}
HOOKS: Hooks = {people.ErasingPeople: detach_erased}
