"""The message to a young person about their issue: an answer, a question, a new day, or its result."""

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.themes import theme_names
from conversations.issues.issue import Issue, OneEntry, ThreadEntry, entry_text


def say_update(_session: Session, facts: Facts) -> Say | None:
    """It quotes the team's words but not the person's own, because somebody else may see the screen."""
    _, told = facts.words, facts[OneEntry]
    if told.issue is None or told.entry is None:
        return None
    theme = theme_names(_).get(told.issue.theme or "", "")
    heading = _("What you raised on {date}: {theme}", date=_.long_date(told.issue.at), theme=theme)
    return Say(
        _text(told.entry, told, facts), heading=heading, rows=_rows(told.entry, told.issue, told, facts)
    )


def _text(entry: ThreadEntry, told: OneEntry, facts: Facts) -> str:
    _ = facts.words
    assert told.issue is not None
    said = entry_text(entry, told.issue, facts)
    match entry.kind:
        case "answer":
            return _("Somebody in the team answers: {words}", words=said)
        case "question":
            return _("Somebody in the team asks: {question}", question=said)
        case "merged":
            return "\n".join((said, _merged_text(told, facts)))
        case "late":
            return "\n".join((said, _late_text(told.issue, facts)))
    return said


def _merged_text(told: OneEntry, facts: Facts) -> str:
    """What follows from the merge, for the person who raised it."""
    _ = facts.words
    if told.say_there:
        return _("Have your say there. What comes of it reaches you too.")
    return _("You'll be told what comes of it.")


def _late_text(issue: Issue, facts: Facts) -> str:
    """Says whose turn it is in a late issue."""
    _ = facts.words
    if issue.state == "asked":
        return _("The team asked you something, and waits for what you say.")
    return _(
        "You should have had it by now. I've told the team. They have to answer, or give you a new day and say why."
    )


def _rows(entry: ThreadEntry, issue: Issue, told: OneEntry, facts: Facts) -> tuple[Row, ...]:
    _ = facts.words
    see: Row = (Choice(f"/raise {issue.id}", _("See all of it")),)
    if entry.kind == "question":
        return ((Choice(f"/raise more {issue.id}", _("Answer")),), see)
    if entry.kind == "merged" and told.say_there and issue.about:
        return ((Choice(f"/say {issue.about.id}", _("Have your say there")),), see)
    return (see,)
