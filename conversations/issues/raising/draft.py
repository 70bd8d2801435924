"""The draft of an issue: what it still lacks, and the step that asks for it."""

from conversations.core.engine import Turn
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Say, Session
from conversations.core.record import Record, replace
from conversations.core.themes import DATA
from conversations.issues.effects import WriteIssue
from conversations.issues.issue import WAITING_MOST, Issue
from conversations.people.using import not_used
from conversations.team.facts import TeamRules


class MyIssues(Record):
    """The person's issues, newest first, without threads; and their unsent draft."""

    issues: tuple[Issue, ...]
    draft: Issue | None = None

    @property
    def is_full(self) -> bool:
        """Whether so many of them wait for the team's answer that a new one has to wait too."""
        return sum(issue.waits_for_team for issue in self.issues) >= WAITING_MOST


class OneIssue(Record):
    """The issue that the session's note `issue` names, with its thread; None if it is gone, or not theirs."""

    issue: Issue | None


def start_or_resume(session: Session, facts: Facts) -> Turn:
    """Starts or resumes a draft, unless too many issues wait already."""
    if elsewhere := not_used(session, facts):
        return elsewhere
    mine = facts[MyIssues]
    if mine.is_full:
        return Turn(session.goto("raise.list"), (Say(too_many_text(facts.words)),))
    return Turn(goto_missing(session, mine.draft, facts[TeamRules]))


def goto_missing(session: Session, draft: Issue | None, rules: TeamRules) -> Session:
    if draft is None or draft.theme is None:
        return session.goto("raise.theme")
    if asks_area(draft, rules) and draft.area is None:
        return session.goto("raise.area")
    return session.goto("raise.look" if draft.words else "raise.words")


def asks_area(draft: Issue | None, rules: TeamRules) -> bool:
    """Whether the draft needs an area. What is about somebody's own data is about no place."""
    return bool(rules.areas) and (draft is None or draft.theme != DATA)


def about_data(session: Session, facts: Facts) -> Turn:
    """Begins something about the person's own data, also when there is no room for more, or what they said isn't used."""
    return write_draft(session, facts, theme=DATA)


def write_draft(
    session: Session,
    facts: Facts,
    *,
    theme: str | None = None,
    area: str | None = None,
    words: str | None = None,
) -> Turn:
    """Stores a field of the draft, and goes to the next one."""
    given = {
        name: value
        for name, value in (("theme", theme), ("area", area), ("words", words))
        if value is not None
    }
    draft = replace(facts[MyIssues].draft or Issue(0, "draft", facts.now), **given)  # type: ignore[arg-type]
    return Turn(goto_missing(session, draft, facts[TeamRules]), effects=(WriteIssue(theme, area, words),))


def too_many_text(_: Words) -> str:
    return _.many(
        "The team still has {n} thing of yours to answer. When one is answered, there is room for the next.",
        "The team still has {n} things of yours to answer. When one is answered, there is room for the next.",
        WAITING_MOST,
    )


def too_long_text(text: str, most: int, _: Words) -> str:
    return _(
        "That is {n} letters long, and I can take {most}. Can you make it shorter?", n=len(text), most=most
    )
