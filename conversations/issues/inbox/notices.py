"""Unprompted messages to the team: somebody wrote back, answers are due, similar issues surge."""

from collections.abc import Iterator

from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.record import Record
from conversations.core.themes import DATA_DAYS
from conversations.issues.facts import InboxIssue
from conversations.issues.issue import filed_heading, heading_and_area
from conversations.team.rights import Rights


class DueCounts(Record):
    """The numbers of answers that are late, due today, and due within three days; `data` of all these are about data."""

    late: int
    today: int
    soon: int
    data: int = 0


class OneSurge(Record):
    """The surge that the note `wave` names: `people` raised the same theme in one area within a month; 0 if it is gone."""

    id: int
    theme: str
    area: str
    people: int


def say_wrote_back(_session: Session, facts: Facts) -> Say | None:
    _, issue = facts.words, facts[InboxIssue].issue
    if issue is None:
        return None
    rows: tuple[Row, ...] = ((Choice(f"/inbox {issue.id}", _("See it")),),)
    text = _("Somebody wrote to you again about what they raised: {what}", what=filed_heading(issue, _))
    return Say(text, heading=_("They wrote back"), rows=rows)


def say_due(_session: Session, facts: Facts) -> Say | None:
    """One message for all due answers, at most once a day. None if all have been answered since."""
    _, due = facts.words, facts[DueCounts]
    if not facts.person.may(Rights.ANSWER_ISSUES) or not (due.late or due.today or due.soon):
        return None
    rows: tuple[Row, ...] = ((Choice("/inbox", _("Open the inbox")),),)
    text = "\n".join(f"· {line}" for line in _due_lines(due, _))
    return Say(text, heading=_("Young people wait for an answer"), rows=rows)


def say_surge(_session: Session, facts: Facts) -> Say | None:
    _, wave = facts.words, facts[OneSurge]
    if not facts.person.may(Rights.HEAR_OF_SURGES) or wave.people == 0:
        return None
    what = heading_and_area(wave.theme, wave.area, _)
    text = _.many(
        "{n} person raised this within a month: {what}",
        "{n} people raised this within a month: {what}",
        wave.people,
        what=what,
    )
    rows: tuple[Row, ...] = ((Choice(f"/inbox wave {wave.id}", _("See what they say")),),)
    return Say(text, heading=_("The same thing comes up again"), rows=rows)


def _due_lines(due: DueCounts, _: Words) -> Iterator[str]:
    if due.late:
        yield _.many(
            "{n} answer is late. Answer it, or give a new day.",
            "{n} answers are late. Answer them, or give new days.",
            due.late,
        )
    if due.today:
        yield _.many("{n} answer is promised for today.", "{n} answers are promised for today.", due.today)
    if due.soon:
        yield _.many(
            "{n} answer is due within three days.", "{n} answers are due within three days.", due.soon
        )
    if due.data:
        yield _.many(
            "{n} of these is about somebody's own data. The law gives {days} days to write back.",
            "{n} of these are about somebody's own data. The law gives {days} days to write back.",
            due.data,
            days=DATA_DAYS,
        )
