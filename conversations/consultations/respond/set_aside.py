"""Answers that hang on others: what an answer's change puts aside, brings back, or makes matter.

What stops counting is kept for its writer, and looks unanswered to everybody else until it counts again.
"""

from conversations.consultations.respond.response import OwnResponse, Response, next_place
from conversations.consultations.skip_logic import ignored_answers
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session


def say_what_counts(before: Response, after: Response, facts: Facts) -> tuple[Say, ...]:
    """Says which other answers a new one puts aside or brings back; nothing if it does neither."""
    _ = facts.words
    was, now = (_ignored(response, facts) for response in (before, after))
    aside, back = len(now - was), len((was - now) & after.answers.keys())
    text = "\n".join(filter(None, (_aside_text(aside, _), _back_text(back, _))))
    return (Say(text),) if text else ()


def say_after_edit(_session: Session, facts: Facts) -> Say | None:
    """For somebody who edited the message of an answer, and with it what else counts or is asked."""
    _, response = facts.words, facts[OwnResponse].response
    if response is None or not response.open:
        return None
    asks = next_place(response, facts.today) is not None
    more = _("Your change brings up something more to ask.") if asks else ""
    aside = _aside_text(len(_ignored(response, facts)), _)
    rows: tuple[Row, ...] = ((Choice(f"/say {response.about.id}", _("Go on")),),) if asks else ()
    text = "\n".join(filter(None, (aside, more))) or _("All your answers count again.")
    return Say(text, rows=rows)


def _ignored(response: Response, facts: Facts) -> frozenset[str]:
    return ignored_answers(response.form, response.answers, facts.today)


def _aside_text(n: int, _: Words) -> str:
    if not n:
        return ""
    return _.many(
        "After this change, {n} answer of yours doesn't count for now. I've kept it for you, and the team doesn't see it. If you change back, it counts again.",
        "After this change, {n} answers of yours don't count for now. I've kept them for you, and the team doesn't see them. If you change back, they count again.",
        n,
    )


def _back_text(n: int, _: Words) -> str:
    if not n:
        return ""
    return _.many(
        "{n} answer that you gave before counts again.", "{n} answers that you gave before count again.", n
    )
