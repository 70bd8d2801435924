"""Notifies those who took part of postponements, with the reason, and of status changes."""

from collections.abc import Iterator

from conversations.consultations.form_text import form_words
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.outcomes.history import Move
from conversations.outcomes.message import language_note
from conversations.outcomes.outcome import Outcome, Part
from conversations.outcomes.wording import (
    reading_words,
    reason_sentence,
    status_sentence,
    text_of,
    title_of,
    with_full_stop,
)
from conversations.promises.manage.facts import OneChange, OneMove
from conversations.promises.promise import Promise


def say_moved(_session: Session, facts: Facts) -> Say | None:
    """The promise, its postponement, the reason and the new day. Nothing if it is already kept."""
    move, promise = facts[OneMove].move, facts[OneMove].promise
    if move is None or promise is None:
        return None
    _ = reading_words(promise.outcome, facts.words, facts.library) if promise.outcome else facts.words
    lines = (language_note(_, facts.words), *postponement_lines(move, promise, facts, _))
    heading = _("{title}: it takes longer.", title=title_of(promise.about, _))
    rows = _rows(promise.outcome, _)
    return Say("\n".join(filter(None, lines)), heading=heading, rows=rows, language=_.language)


def say_status(_session: Session, facts: Facts) -> Say | None:
    """The new status in one line: closed, being looked at, begun, done, can't be done. Nothing if it is outdated."""
    told = facts[OneChange]
    if told.change is None or told.about is None:
        return None
    _ = reading_words(told.outcome, facts.words, facts.library) if told.outcome else facts.words
    heading = _("{title}: here is how it goes.", title=title_of(told.about, _))
    text = "\n".join(filter(None, (language_note(_, facts.words), status_text(told, _, facts))))
    return Say(text, heading=heading, rows=_rows(told.outcome, _), language=_.language)


def status_text(told: OneChange, _: Words, facts: Facts) -> str:
    """The current status, in the words `_`."""
    change = told.change
    assert change is not None
    if told.outcome and told.part:
        because = reason_sentence(change.because, change.language, _) if change.because else ""
        stands = status_sentence(change.now, _)
        return " ".join(filter(None, (_promise_line(told.outcome, told.part, _), stands, because)))
    who = _decider(told, _) or facts.rules.organisation
    reads = {
        "closed": _("It has closed. Now {who} reads what everyone said.", who=who),
        "looking": _("Now {who} is looking at what everyone said.", who=who),
    }[change.now]
    answered = ""
    if told.due and told.due >= facts.today:  # Heard may have been off until after it
        answered = _("You'll get an answer by {date}.", date=_.short_date(told.due))
    return " ".join(filter(None, (reads, answered)))


def postponement_lines(move: Move, promise: Promise, facts: Facts, _: Words) -> Iterator[str]:
    """What was promised, that it is not kept, why, and the new day."""
    today = facts.today
    if promise.outcome and promise.part:
        yield _promise_line(promise.outcome, promise.part, _)
        yield _("We said that it would be by {date}.", date=_.long_date(move.was))
    else:
        yield _("We promised you an answer by {date}.", date=_.long_date(move.was))
    yield _("We did not keep that.") if move.was < today else _("We can't keep that.")
    yield reason_sentence(move.reason, move.language, _)
    yield _("The new day is {date}.", date=_.long_date(move.now))


def _promise_line(outcome: Outcome, part: Part, _: Words) -> str:
    return _("We promised: {what}", what=with_full_stop(text_of(outcome, part.what, _)))


def _decider(told: OneChange, _: Words) -> str:
    form = told.about.form if told.about else None
    return form_words(form, _)(form.decision_maker) if form else ""


def _rows(outcome: Outcome | None, _: Words) -> tuple[Row, ...]:
    see: tuple[Row, ...] = ((Choice(f"/changed {outcome.id}", _("See all of it")),),) if outcome else ()
    return (*see, (Choice("/settings", _("Fewer messages"), aside=True),))
