"""The team's helplines: a row for each. Until the first one is stored, those that Heard comes with."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from conversations.core.config import morning
from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.safeguarding.help.effects import CheckHelpline, RemoveHelpline, SetHelpline
from conversations.safeguarding.help.ways import DEFAULTS, EMERGENCY, REVIEW_EVERY, Helpline, Helplines
from conversations.safeguarding.messages import HELPLINES_DUE
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, prepared
from storage.outbox import outbox
from storage.security import audit_log
from storage.tables import helplines
from storage.team.rights import who_may

_REMIND_AGAIN = timedelta(days=7)

_ALL = prepared(select(helplines).order_by(helplines.c.place))


def current(db: Db) -> Helplines:
    """The team's helplines, in display order."""
    found = tuple(_helpline(row) for row in db.run(_ALL, {}))
    return Helplines(found or DEFAULTS)


def install(db: Db) -> None:
    """Stores the helplines that Heard comes with, if none are stored."""
    if db.run(select(helplines.c.key).limit(1)).first() is None:
        db.run(helplines.insert(), [_values(db, line) | {"place": n} for n, line in enumerate(DEFAULTS)])


# --- what the team changes ------------------------------------------------------------------------


def set_line(db: Db, door: Door, effect: SetHelpline) -> None:
    line = effect.line
    _refuse_999(line.key)
    install(db)
    known = update(helplines).where(helplines.c.key == line.key)
    if db.run(known.values(**_values(db, line))).rowcount == 0:
        place = select(func.max(helplines.c.place) + 1).scalar_subquery()
        db.run(helplines.insert().values(**_values(db, line), place=place))
    _refuse_999_alone(db)
    audit_log.note(db, door.person.id, "helpline changed", line.key)


def check_line(db: Db, door: Door, effect: CheckHelpline) -> None:
    install(db)
    values = _review(db, db.today + REVIEW_EVERY)
    db.run(update(helplines).where(helplines.c.key == effect.key).values(**values))
    audit_log.note(db, door.person.id, "helpline checked", effect.key)


def remove_line(db: Db, door: Door, effect: RemoveHelpline) -> None:
    _refuse_999(effect.key)
    install(db)
    db.run(delete(helplines).where(helplines.c.key == effect.key))
    _refuse_999_alone(db)
    audit_log.note(db, door.person.id, "helpline removed", effect.key)


def _refuse_999(key: str) -> None:
    if key == EMERGENCY.key:
        raise Refused(N_("999 stays as it is. You can only say that you checked it."))


def _refuse_999_alone(db: Db) -> None:
    if current(db).bands_with_999_alone:
        raise Refused(
            N_("Then some age would have no helpline but 999, so it stays. Give that age another one first.")
        )


# --- reminders ------------------------------------------------------------------------------------


def run_due(db: Db) -> int:
    """Reminds the leads, or the owners if there is none, of helplines that are to be checked again; weekly until they
    are. Each is claimed by its `remind_at`, so any number of workers may tick. Returns how many are due.
    """
    due = update(helplines).where(helplines.c.remind_at <= db.now)
    claimed = db.run(due.values(remind_at=db.now + _REMIND_AGAIN).returning(helplines.c.key)).all()
    if claimed:
        leads = db.run(who_may(Rights.LEAD_SAFEGUARDING)).scalars().all()
        for person in leads or db.run(who_may(Rights.KEEP_HELPLINES)).scalars().all():
            once = f"helplines:{db.today}:{person}"
            outbox.announce(db, person, once, HELPLINES_DUE, db.today.toordinal())
    return len(claimed)


def _review(db: Db, day: date) -> dict[str, object]:
    return {"review_on": day, "remind_at": morning(day, db.rules)}


def _values(db: Db, line: Helpline) -> dict[str, object]:
    plain = {
        name: getattr(line, name) for name in ("key", "name", "number", "text_number", "text_word", "chat")
    }
    return {**plain, "bands": list(line.bands), "words": dict(line.words), **_review(db, line.review_on)}


def _helpline(row: Row[Any]) -> Helpline:
    return Helpline(
        row.key, row.name, tuple(row.bands), row.number, row.text_number, row.text_word, row.chat, row.words, row.review_on
    )  # fmt: skip


def helplines_of(db: Db, _door: Door, _session: Session) -> Helplines:
    return current(db)


HANDLERS: Handlers = {
    SetHelpline: EffectHandler(set_line, right=Rights.KEEP_HELPLINES),
    CheckHelpline: EffectHandler(check_line, right=Rights.KEEP_HELPLINES),
    RemoveHelpline: EffectHandler(remove_line, right=Rights.KEEP_HELPLINES),
}
FACTS: Loaders = {Helplines: helplines_of}
