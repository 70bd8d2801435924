"""/cases: somebody closes a case, for a reason from the team's list."""

from collections.abc import Iterator

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import in_rows, number_behind
from conversations.safeguarding.case_words import kept_back_text, may_read
from conversations.safeguarding.cases import case_name, say_closed
from conversations.safeguarding.casework.reasons import reason_name, reason_number, reason_numbered
from conversations.safeguarding.effects import CloseCase, ReleaseTexts
from conversations.safeguarding.facts import Case, OneCase
from conversations.team.facts import TeamRules


def reason_rows(reasons: tuple[str, ...], _: Words) -> list[Row]:
    """A button for each reason."""
    return in_rows([Choice(f"reason:{reason_number(one)}", reason_name(one, _)) for one in reasons], 1)


def chosen_reason(event: Event, reasons: tuple[str, ...]) -> str | None:
    """The reason whose button was tapped; None for anything else, and if it is not on the list any more."""
    number = number_behind(event.key, "reason:") if isinstance(event, Chose) else None
    return reason_numbered(number, reasons)


def ask_close(_session: Session, facts: Facts) -> Say:
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return say_closed(_)
    rows = (*reason_rows(facts[TeamRules].closing_reasons, _), (Choice("back", _("Not yet"), aside=True),))
    return Say(
        _("Is everybody safe now? Choose a reason."),
        heading=_("Why do you close case {number}?", number=case.id),
        rows=rows,
        replaces=True,
    )


def take_close(session: Session, event: Event, facts: Facts) -> Turn | None:
    number = session.number("case")
    reason = chosen_reason(event, facts[TeamRules].closing_reasons)
    if reason is not None:
        return Turn(session.goto("cases.close_sure", case=number, reason=reason_number(reason)))
    if isinstance(event, Chose) and event.key == "back":
        return Turn(session.goto("cases.one", case=number))
    return None


def ask_close_sure(session: Session, facts: Facts) -> Say:
    _, case, reason = facts.words, facts[OneCase].case, _reason_in(session, facts)
    if case is None:
        return say_closed(_)
    back = Choice("back", _("Not yet"))
    if reason is None:
        return Say(_("That reason isn't on the list any more."), rows=((back,),), replaces=True)
    erased = _(
        "When you close it, I delete the way to reach them, my copy of what they wrote, what you wrote to each other, and the notes. The number, the kind, the times and the reason stay."
    )
    about = (_("Reason: {reason}", reason=reason_name(reason, _)), *_kept_lines(case, _), erased)
    text = "\n\n".join(about)
    return Say(text, heading=case_name(case, _), rows=_closing_rows(case, facts), replaces=True)


def _kept_lines(case: Case, _: Words) -> Iterator[str]:
    if case.keeps_back:
        yield kept_back_text(_)
    if case.keeps_raised:
        yield _(
            "They raised something with /raise. If you keep it hidden, no answer comes, so write to them first: once it is closed, you can't reach them."
        )


def _closing_rows(case: Case, facts: Facts) -> tuple[Row, ...]:
    """Where the case keeps a text back, whoever may read it says whether the team sees it then."""
    _ = facts.words
    back = Choice("back", _("Not yet"))
    if not case.keeps_back:
        return ((Choice("yes", _("Close it")), back),)
    hide: Row = (Choice("yes", _("Close it, keep it hidden")),)
    show: Row = (Choice("show", _("Close it, and show the team")),)
    readable = may_read(facts.person, taken_by_them=case.taken_by_you)
    return (hide, show, (back,)) if readable else (hide, (back,))


def take_close_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, number, reason = facts.words, session.number("case"), _reason_in(session, facts)
    match event:
        case Chose(_visit, "yes" | "show" as wanted) if reason is not None:
            closed = Say(_("Case {number} is closed.", number=number))
            shown = (ReleaseTexts(number),) if wanted == "show" else ()
            return Turn(session.goto("cases.list"), (closed,), (*shown, CloseCase(number, reason)))
        case Chose(_visit, "back"):
            return Turn(session.goto("cases.one", case=number))
    return None


def _reason_in(session: Session, facts: Facts) -> str | None:
    """The reason that the session's note `reason` names, if it is still on the list."""
    return reason_numbered(session.number("reason"), facts[TeamRules].closing_reasons)
