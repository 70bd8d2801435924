"""The reminder of helplines that are to be checked again."""

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.safeguarding.help.ways import Helplines


def say_due(_session: Session, facts: Facts) -> Say | None:
    """Names the helplines whose review day has come; None if they were checked meanwhile."""
    _ = facts.words
    due = [line.name for line in facts[Helplines].lines if line.review_on <= facts.today]
    if not due:
        return None
    text = _(
        "It is time to check them again: {names}. Look at each one's own page, and call it. A wrong number is worse than none.",
        names=_.and_list(due),
    )
    return Say(text, heading=_("Helplines"), rows=((Choice("/helplines", _("See the helplines")),),))
