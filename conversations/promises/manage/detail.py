"""One promise: its history, and the actions open to the team."""

from collections.abc import Iterator

from conversations.core.effects import Effect
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Choice, Note, Row, Say, Session
from conversations.core.pagination import home_row
from conversations.outcomes.history import Change
from conversations.outcomes.outcome import Decision
from conversations.outcomes.wording import done, ended, title_of
from conversations.outcomes.write.choose import promised
from conversations.promises.manage.facts import OnePromise
from conversations.promises.promise import (
    NO_REASON,
    ONWARD,
    REASON_MOST,
    TOO_LONG,
    Promise,
    Promised,
    reason_in,
)


def to(session: Session, step: str, of: Promised, **notes: Note) -> Session:
    """Another step about the same promise."""
    return session.goto(f"promises.{step}", **of.note, **notes)


def ask_one(_session: Session, facts: Facts) -> Say:
    _, promise = facts.words, facts[OnePromise].promise
    if promise is None:
        return gone(_)
    lines = [*what_it_is(promise, facts), *_since(promise, _)]
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
            return Turn(to(session, "day", promise.of))
        case "looking" if not _looked_at(promise):
            return Turn(to(session, "sure", promise.of, now="looking"))
        case "cant" if "cant" in _onward(promise):
            return Turn(to(session, "because", promise.of, was=_stands_at(promise)))
        case "doing" | "did" as now if now in _onward(promise):
            return Turn(to(session, "sure", promise.of, now=now, was=_stands_at(promise)))
    return None


def gone(_: Words) -> Say:
    """The message for a promise that is already kept, or gone."""
    rows = ((Choice("/promises", _("All promises"), aside=True), *home_row(_)),)
    return Say(_("That promise is kept, or it isn't there any more."), rows=rows, replaces=True)


def what_it_is(promise: Promise, facts: Facts) -> Iterator[str]:
    """What was promised, by whom and by when."""
    _ = facts.words
    if promise.outcome and promise.part and promise.part.stands:
        original, part = promise.outcome.original, promise.part
        yield done(promise.part.stands, ended(original(part.what)), _)
        if part.owner:
            yield _("Who: {who}", who=ended(original(part.owner)))
    else:
        yield _("An answer to everybody who took part.")
    yield promised(promise.due, facts.today, _)


def back(_: Words) -> Row:
    return (Choice("back", _("Back"), aside=True),)


def _since(promise: Promise, _: Words) -> Iterator[str]:
    """Its postponements with their reasons, and its status changes with their dates."""
    for move in promise.moves:
        yield _(
            "· Moved on {day} from {was} to {now}: {reason}",
            day=_.long_date(move.at), was=_.long_date(move.was), now=_.long_date(move.now), reason=move.reason,
        )  # fmt: skip
    for change in promise.changes:
        yield _("· {day}: {what}", day=_.long_date(change.at), what=_stands(change, _))


def _stands(change: Change, _: Words) -> str:
    if change.now == "closed":
        return _("it closed")
    return _("they were told that it is being looked at") if change.now == "looking" else _("it was begun")


def _rows(promise: Promise, _: Words) -> Iterator[Row]:
    move = Choice("day", _("Move the day"))
    if promise.part is None:
        yield (Choice(f"/outcome {promise.of.id}", _("Answer it")), move)
        if not _looked_at(promise):
            yield (Choice("looking", _("Say you're looking at it")),)
        return
    steps: dict[Decision, str] = {"doing": _("We have begun"), "did": _("It is done"), "cant": _("We can't…")}
    yield tuple(Choice(now, steps[now]) for now in _onward(promise))
    yield (move,)
    if promise.outcome:
        yield (Choice(f"/changed {promise.outcome.id}", _("See it")),)


def _onward(promise: Promise) -> tuple[Decision, ...]:
    return ONWARD.get(promise.part.stands, ()) if promise.part else ()


def _stands_at(promise: Promise) -> Decision | None:
    return promise.part.stands if promise.part else None


def _looked_at(promise: Promise) -> bool:
    return promise.part is not None or any(change.now == "looking" for change in promise.changes)


# --- a reason is typed ----------------------------------------------------------------------------


def reason_asked(promise: Promise, question: str, facts: Facts) -> Say:
    """Asks for a reason, which goes out as it is typed."""
    _ = facts.words
    lines = [question, _("It goes to those who took part, as you write it.")]
    if promise.language != _.language:
        named = language_name(promise.language, _.language)
        lines.append(_("Write it in this language: {language}.", language=named))
    heading = title_of(promise.about, _)
    return Say("\n".join(lines), heading=heading, rows=(back(_),), expects="text", replaces=True)


def written(session: Session, promise: Promise, text: str, effect: Effect, facts: Facts) -> Turn:
    """Handles a typed reason; a text without a real reason is rejected."""
    _ = facts.words
    if len(text) > REASON_MOST:
        return Turn(session, (Say(_(TOO_LONG, most=REASON_MOST)),))
    if reason_in(text) is None:
        return Turn(session, (Say(_(NO_REASON)),))
    said = Say(_("Done. Those who took part are told, with your reason."))
    return Turn(to(session, "one", promise.of), (said,), (effect,))
