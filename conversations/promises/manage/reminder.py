"""Reminds the team of a promised day: before it, on it, and every week after."""

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.outcomes.wording import title_of
from conversations.promises.manage.detail import promise_lines
from conversations.promises.manage.facts import OnePromise


def say_promise(_session: Session, facts: Facts) -> Say | None:
    """The time left until the promised day, or since it passed; nothing if it is already answered. For staff only."""
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None or not facts.person.is_staff:
        return None
    lines = list(promise_lines(promise, facts))
    if promise.is_overdue(facts.today):
        lines.append(
            _("Those who took part still wait. Answer them, or give them a day that you can keep, and why.")
        )
    rows: tuple[Row, ...] = (
        (Choice(f"/outcome {promise.of.key}", _("Answer it")),),
        (Choice(f"/promises {promise.of.key}", _("Move the day")),),
    )
    title = title_of(promise.about, _)
    if promise.is_overdue(facts.today):
        heading = _("{title}: the promised day has passed", title=title)
    elif promise.due == facts.today:
        heading = _("{title}: an answer is promised for today", title=title)
    else:
        heading = _("{title}: an answer is due soon", title=title)
    return Say("\n".join(lines), heading=heading, rows=rows)
