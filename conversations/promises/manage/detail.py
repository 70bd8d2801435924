"""One promise: its history, and the actions open to the team."""

from collections.abc import Iterator

from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import back_row, home_row
from conversations.outcomes.history import Change
from conversations.outcomes.outcome import Decision
from conversations.outcomes.wording import decision_sentence, title_of, with_full_stop
from conversations.outcomes.write.choose import due_sentence
from conversations.promises.manage.facts import OnePromise
from conversations.promises.promise import (
    NEXT_STATUSES,
    NO_REASON,
    REASON_MOST,
    TOO_LONG,
    Promise,
    PromiseRef,
    reason_in,
)


def goto_step(session: Session, step: str, of: PromiseRef, **notes: Note) -> Session:
    """Goes to another step about the same promise."""
    return session.goto(f"promises.{step}", **of.note, **notes)


def ask_one(_session: Session, facts: Facts) -> Say:
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return say_gone(_)
    lines = [*promise_lines(promise, facts), *_history_lines(promise, _)]
    rows = (*_rows(promise, _), (Choice("/promises", _("All promises"), aside=True), *home_row(_)))
    return Say("\n".join(lines), heading=title_of(promise.about, _), rows=rows, replaces=True)


def take_one(session: Session, event: Event, facts: Facts) -> Turn | None:
    promise = facts[OnePromise].promise
    if promise is None:
        return Turn(session)
    if not isinstance(event, Chose):
        return None
    match event.key:
        case "day":
            return Turn(goto_step(session, "day", promise.of))
        case "looking" if not _is_looked_at(promise):
            return Turn(goto_step(session, "sure", promise.of, now="looking"))
        case "cant" if "cant" in _next_statuses(promise):
            return Turn(goto_step(session, "because", promise.of, was=_status(promise)))
        case "doing" | "did" as now if now in _next_statuses(promise):
            return Turn(goto_step(session, "sure", promise.of, now=now, was=_status(promise)))
    return None


def say_gone(_: Words) -> Say:
    """The message for a promise that is already kept, or gone."""
    rows = ((Choice("/promises", _("All promises"), aside=True), *home_row(_)),)
    return Say(_("That promise is kept, or it isn't there any more."), rows=rows, replaces=True)


def promise_lines(promise: Promise, facts: Facts) -> Iterator[str]:
    """What was promised, by whom and by when."""
    _ = facts.words
    if promise.outcome and promise.part and promise.part.stands:
        original, part = promise.outcome.original, promise.part
        yield decision_sentence(promise.part.stands, with_full_stop(original(part.what)), _)
        if part.owner:
            yield _("Who: {who}", who=with_full_stop(original(part.owner)))
    else:
        yield _("An answer to everybody who took part.")
    yield due_sentence(promise.due, facts.today, _)


def _history_lines(promise: Promise, _: Words) -> Iterator[str]:
    """Its postponements with their reasons, and its status changes with their dates."""
    for move in promise.moves:
        yield _(
            "· Moved on {day} from {was} to {now}: {reason}",
            day=_.long_date(move.at), was=_.long_date(move.was), now=_.long_date(move.now), reason=move.reason,
        )  # fmt: skip
    for change in promise.changes:
        yield _("· {day}: {what}", day=_.long_date(change.at), what=_change_text(change, _))


def _change_text(change: Change, _: Words) -> str:
    if change.now == "closed":
        return _("it closed")
    return _("they were told that it is being looked at") if change.now == "looking" else _("it was begun")


def _rows(promise: Promise, _: Words) -> Iterator[Row]:
    move = Choice("day", _("Move the day"))
    if promise.part is None:
        yield (Choice(f"/outcome {promise.of.id}", _("Answer it")), move)
        if not _is_looked_at(promise):
            yield (Choice("looking", _("Say you're looking at it")),)
        return
    steps: dict[Decision, str] = {"doing": _("We have begun"), "did": _("It is done"), "cant": _("We can't…")}
    yield tuple(Choice(now, steps[now]) for now in _next_statuses(promise))
    yield (move,)
    if promise.outcome:
        yield (Choice(f"/changed {promise.outcome.id}", _("See it")),)


def _next_statuses(promise: Promise) -> tuple[Decision, ...]:
    return NEXT_STATUSES.get(promise.part.stands, ()) if promise.part else ()


def _status(promise: Promise) -> Decision | None:
    return promise.part.stands if promise.part else None


def _is_looked_at(promise: Promise) -> bool:
    return promise.part is not None or any(change.now == "looking" for change in promise.changes)


# --- typing a reason ------------------------------------------------------------------------------


def ask_reason(promise: Promise, question: str, facts: Facts) -> Say:
    """Asks for a reason, which goes out as it is typed."""
    _ = facts.words
    lines = [question, _("It goes to those who took part, as you write it.")]
    if promise.language != _.language:
        named = language_name(promise.language, _.language)
        lines.append(_("Write it in this language: {language}.", language=named))
    heading = title_of(promise.about, _)
    return Say("\n".join(lines), heading=heading, rows=(back_row(_),), expects="text", replaces=True)


def take_reason(session: Session, promise: Promise, text: str, effect: Effect, facts: Facts) -> Turn:
    """Handles a typed reason; a text without a real reason is rejected."""
    _ = facts.words
    if len(text) > REASON_MOST:
        return Turn(session, (Say(_(TOO_LONG, most=REASON_MOST)),))
    if reason_in(text) is None:
        return Turn(session, (Say(_(NO_REASON)),))
    said = Say(_("Done. Those who took part are told, with your reason."))
    return Turn(goto_step(session, "one", promise.of), (said,), (effect,))
