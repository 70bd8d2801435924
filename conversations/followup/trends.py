"""Responses over time: verdicts and kept promises by month or quarter."""

from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Choice, Row, Say, Session
from conversations.followup.counts import OverTime, time_results
from conversations.results.counting import Results, result_sentences
from conversations.results.visibility import sees_true
from conversations.team.rights import Rights


def visible_trends(over: OverTime, facts: Facts) -> Results:
    """The results with small numbers hidden, unless this person may see true counts."""
    return time_results(over, 0 if sees_true(facts.person) else facts.rules.small_number, facts.words)


def ask_time(_session: Session, facts: Facts) -> Say:
    _, over = facts.words, facts[OverTime]
    results = visible_trends(over, facts)
    lines: list[str] = []
    for question in results.questions:
        lines += [question.label, *(f"· {line}" for line in result_sentences(question, _)), ""]
    lines += (
        _settled_lines(over, _)
        if results.questions
        else [_("Nobody has said anything about our answers yet.")]
    )
    other = Choice("quarter", _("By quarter")) if over.every == "month" else Choice("month", _("By month"))
    rows: list[Row] = [(other,)]
    if results.questions:
        rows.append((Choice("picture", _("As a picture")),))
        if facts.person.may(Rights.READ_ANSWERS):
            rows.append((Choice("export", _("Export to Excel")),))
    back: Row = (Choice("/results", _("All results"), aside=True), Choice("/home", _("Home"), aside=True))
    return Say("\n".join(lines).strip(), heading=results.title, rows=(*rows, back), replaces=True)


def take_time(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, over = facts.words, facts[OverTime]
    match event:
        case Chose(_visit, "month" | "quarter" as every):
            return Turn(session.goto("after.time", every=every))
        case Chose(_visit, "picture"):
            return Turn(session, (_say_attachment("over_time", over, facts),))
        case Chose(_visit, "export") if facts.person.may(Rights.READ_ANSWERS):
            return Turn(session, (_say_attachment("over_time_file", over, facts),))
    return None


def _say_attachment(name: str, over: OverTime, facts: Facts) -> Say:
    results = visible_trends(over, facts)
    lines = [
        line
        for question in results.questions
        for line in (question.label, *result_sentences(question, facts.words))
    ]
    about = {"person": facts.person.id, "every": over.every}
    return Say("", heading=results.title, attachment=Attachment(name, about, "\n".join(lines)))


def _settled_lines(over: OverTime, _: Words) -> list[str]:
    """The numbers of settled and open promises. They are never hidden, because they are not about people."""
    kept = sum(period.kept for period in over.periods)
    closed = sum(period.closed for period in over.periods)
    return [
        _.many("{n} promise kept.", "{n} promises kept.", kept),
        _.many("{n} closed with a reason.", "{n} closed with a reason.", closed),
        _.many("{n} stands open now.", "{n} stand open now.", over.standing),
    ]


STEPS = (Step("after.time", ask_time, take_time, needs=(OverTime,), right=Rights.SEE_RESULTS),)
