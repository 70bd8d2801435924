"""What somebody is about to raise: what is still missing, and where that leads."""

from conversations.core.engine import Turn
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Say, Session
from conversations.core.record import Record, replace
from conversations.issues.effects import WriteIssue
from conversations.issues.issue import WAITING_MOST, Issue
from conversations.team.facts import TeamRules


class MyIssues(Record):
    """What somebody raised, newest first, without the threads; and what they began and have not sent."""

    issues: tuple[Issue, ...]
    draft: Issue | None = None

    @property
    def full(self) -> bool:
        """Whether so many wait already that another one has to wait too."""
        return sum(issue.waits for issue in self.issues) >= WAITING_MOST


class OneIssue(Record):
    """What the session's note `issue` names, with its thread; None where it is gone, or somebody else's."""

    issue: Issue | None


def begun(session: Session, facts: Facts) -> Turn:
    """To what is missing next; not while so many others wait."""
    mine = facts[MyIssues]
    if mine.full:
        return Turn(session.goto("raise.list"), (Say(full(facts.words)),))
    return Turn(onward(session, mine.draft, facts[TeamRules]))


def onward(session: Session, draft: Issue | None, rules: TeamRules) -> Session:
    if draft is None or draft.theme is None:
        return session.goto("raise.theme")
    if rules.areas and draft.area is None:
        return session.goto("raise.area")
    return session.goto("raise.look" if draft.words else "raise.words")


def wrote(
    session: Session,
    facts: Facts,
    *,
    theme: str | None = None,
    area: str | None = None,
    words: str | None = None,
) -> Turn:
    """Keeps a piece of the draft, and goes on to the next one."""
    given = {
        name: value
        for name, value in (("theme", theme), ("area", area), ("words", words))
        if value is not None
    }
    draft = replace(facts[MyIssues].draft or Issue(0, "draft", facts.now), **given)  # type: ignore[arg-type]
    return Turn(onward(session, draft, facts[TeamRules]), effects=(WriteIssue(theme, area, words),))


def full(_: Words) -> str:
    return _.many(
        "The team still has {n} thing of yours to answer. When one is answered, there is room for the next.",
        "The team still has {n} things of yours to answer. When one is answered, there is room for the next.",
        WAITING_MOST,
    )


def too_long(text: str, most: int, _: Words) -> str:
    return _(
        "That is {n} letters long, and I can take {most}. Can you make it shorter?", n=len(text), most=most
    )
