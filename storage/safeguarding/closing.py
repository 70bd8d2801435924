"""Closing a case: all but what the register keeps is erased, and stays so after a restore. And the team's rules for it."""

from datetime import UTC, date, datetime, time

from sqlalchemy import update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.safeguarding.casework.reasons import REASON_MOST, REASONS_MOST
from conversations.safeguarding.effects import AddClosingReason, CloseCase, RemoveClosingReason, SetCaseYears
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.safeguarding import case_entries, case_log, words
from storage.safeguarding.cases import check_not_own, is_open
from storage.safeguarding.casework import CLOSED
from storage.security import audit_log
from storage.tables import cases
from storage.team import team_rules


def close(db: Db, door: Door, effect: CloseCase) -> None:
    """Closes a case. Its number, kind, times and reason stay, and who took it and closed it."""
    if effect.reason not in team_rules.rules(db).closing_reasons:
        raise Refused(N_("That reason isn't on the list any more."))
    check_not_own(db, door, effect.case)
    if not _close(db, effect.case, closed_by=door.person.id, closed_at=db.now, reason=effect.reason):
        raise Refused(CLOSED)
    audit_log.note(db, door.person.id, "case closed", f"case {effect.case}")
    case_log.note(db, "closed", effect.case)


def close_again(db: Db, case: int, day: date) -> None:
    """Closes a case of a restored backup that was closed since, on that day. By whom and why is not known any more."""
    end = datetime.combine(day, time.max, UTC)
    _close(db, case, closed_at=min(end, db.now))


def _close(db: Db, case: int, **values: object) -> bool:
    """False if it is closed."""
    gone = dict.fromkeys(("check_at", "handed_to", "thread", "person_id", "language", "version"))
    if db.run(update(cases).where(is_open(case)).values(**gone, address=b"", **values)).rowcount == 0:
        return False
    words.erase(db, case)
    case_entries.erase(db, case)
    return True


# --- the team's rules -----------------------------------------------------------------------------


def add_reason(db: Db, door: Door, effect: AddClosingReason) -> None:
    reasons = team_rules.rules(db).closing_reasons
    if len(reasons) >= REASONS_MOST or len(effect.reason) > REASON_MOST:
        raise Refused(N_("That is more than the list can hold."))
    if effect.reason not in reasons:
        team_rules.store(db, door, "closing_reasons", (*reasons, effect.reason))


def remove_reason(db: Db, door: Door, effect: RemoveClosingReason) -> None:
    reasons = team_rules.rules(db).closing_reasons
    left = tuple(reason for reason in reasons if reason != effect.reason)
    if not left:
        raise Refused(N_("The last reason stays. Add another one first."))
    team_rules.store(db, door, "closing_reasons", left)


def set_years(db: Db, door: Door, effect: SetCaseYears) -> None:
    team_rules.store(db, door, "case_years", effect.years)


HANDLERS: Handlers = {
    CloseCase: EffectHandler(close, right=Rights.SEE_CASES),
    AddClosingReason: EffectHandler(add_reason, right=Rights.KEEP_CASE_REGISTER),
    RemoveClosingReason: EffectHandler(remove_reason, right=Rights.KEEP_CASE_REGISTER),
    SetCaseYears: EffectHandler(set_years, right=Rights.KEEP_CASE_REGISTER),
}
