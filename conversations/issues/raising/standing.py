"""Where something that a person raised stands, for the person who raised it."""

from conversations.core.facts import Facts
from conversations.issues.issue import WAITING, Issue, kept_text


def status_text(issue: Issue, facts: Facts) -> str:
    """Its state in one or two sentences."""
    if issue.kept and issue.state in {*WAITING, "lapsed"}:
        return kept_text(issue.kept, facts.words)
    return _status_with_team(issue, facts)


def _status_with_team(issue: Issue, facts: Facts) -> str:
    _, by = facts.words, issue.reply_by
    match issue.state:
        case "draft":
            return _("Not sent yet.")
        case "open" if by and issue.is_late(facts.today):
            return _("The team is late with its answer.")
        case "open" if by:
            return _("The team is looking at it. You get an answer by {date}.", date=_.short_date(by))
        case "asked":
            return _("They asked you something.")
        case "answered":
            return _("Answered.")
        case "merged" if issue.about:
            return _("Part of “{title}”.", title=issue.about.title(_))
        case "closed":
            return _("Closed, with a reason.")
        case "done":
            return _("You don't need an answer any more.")
        case "lapsed":
            return _("Nobody answered in time.")
    return _("The team is looking at it.")
