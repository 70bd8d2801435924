"""Scheduling an outcome for a time that can be changed or taken back until then; and the step after sending."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from babel.dates import get_day_names

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import back_row, home_row, number_behind
from conversations.core.typed.dates import moment_in
from conversations.core.typed.years import ask_year
from conversations.outcomes.effects import AskColleague, PublishOutcome
from conversations.outcomes.wording import title_of
from conversations.outcomes.write.choose import ask_begin
from conversations.outcomes.write.draft import CurrentDraft, Draft, OutcomeAudience
from conversations.outcomes.write.navigation import goto_step, quiet_hours_lines
from conversations.team.facts import TeamRules

AFTERNOON = time(16)


def ask_time(session: Session, facts: Facts) -> Say:
    _ = facts.words
    choices = tuple(Choice(f"at:{int(at.timestamp())}", label) for at, label in _times(facts))
    back: Row = back_row(_)
    text = _("When should it go out? Choose, or write it like this: 20 December 16:00.")
    if _needs_approval(session, facts):
        text = " ".join((text, _("A colleague is asked for a yes to it.")))
    return Say(text, rows=(choices, back), expects="text", replaces=True)


def take_time(session: Session, event: Event, facts: Facts) -> Turn | None:
    draft = facts[CurrentDraft].draft
    if draft is None or draft.stage == "published":
        return Turn(goto_step(session, "begin"))
    match event:
        case Chose(_, "back"):
            return Turn(goto_step(session, "sent" if draft.stage == "scheduled" else "preview"))
        case Chose(_, key) if (seconds := number_behind(key, "at:")) is not None:
            return _schedule(session, draft, datetime.fromtimestamp(seconds, UTC), facts)
        case Said(text):
            at = moment_in(text, facts.now, facts.words)
            if isinstance(at, str):
                return Turn(session, (Say(facts.words(at)),))
            return ask_year(session, event, at, facts) or _schedule(session, draft, at, facts)
    return None


def _schedule(session: Session, draft: Draft, at: datetime, facts: Facts) -> Turn:
    """Schedules it, or asks for approval of this time if the team requires one."""
    if _needs_approval(session, facts):
        return Turn(goto_step(session, "preview"), effects=(AskColleague(draft.subject, at),))
    return Turn(goto_step(session, "sent"), effects=(PublishOutcome(draft.subject, at),))


def _needs_approval(session: Session, facts: Facts) -> bool:
    return bool(session.notes.get("ask")) or facts[TeamRules].approval


def _times(facts: Facts) -> Iterator[tuple[datetime, str]]:
    """Tomorrow at 16:00 and the next Friday (Monday, if tomorrow is Friday) at 16:00, in UTC with labels."""
    _, zone = facts.words, facts.rules.zone
    tomorrow = facts.today + timedelta(days=1)
    weekday = 0 if tomorrow.weekday() == 4 else 4
    later = tomorrow + timedelta(days=(weekday - tomorrow.weekday()) % 7)
    day = get_day_names("wide", locale=_.language)[weekday]
    for on, label in ((tomorrow, _("Tomorrow 16:00")), (later, f"{day} 16:00")):
        yield datetime.combine(on, AFTERNOON, zone).astimezone(UTC), label


# --- sent or scheduled ----------------------------------------------------------------------------


def ask_sent(_session: Session, facts: Facts) -> Say:
    _, draft = facts.words, facts[CurrentDraft].draft
    if draft is None or draft.stage != "published":
        return ask_begin(_session, facts)
    people = facts[OutcomeAudience].people
    lines = [_("It is on /changed from now on.")]
    if people:
        lines.append(_.many("It is on its way to {n} person.", "It is on its way to {n} people.", people))
        lines += quiet_hours_lines(facts)
        lines.append(_("I'll tell you here how far it has got."))
    rows: tuple[Row, ...] = ((Choice(f"/changed {draft.outcome.id}", _("See it")),), home_row(_))
    return Say(" ".join(lines), heading=title_of(draft.about, _), rows=rows, replaces=True)
