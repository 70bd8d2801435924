"""The list of open promises, soonest first; late ones say so."""

from collections.abc import Iterator

from conversations.core.engine import Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Say, Session
from conversations.core.pagination import (
    home_row,
    number_behind,
    numbered_rows,
    on_page,
    page_turned_to,
    typed_number,
)
from conversations.core.text import shorten
from conversations.outcomes.wording import decision_sentence, title_of, with_full_stop
from conversations.outcomes.write.choose import due_sentence
from conversations.promises.manage.detail import goto_step
from conversations.promises.manage.facts import AllPromises
from conversations.promises.promise import Promise, PromiseRef, overdue


def open_promises(session: Session, asked: Asked, _facts: Facts) -> Turn:
    """/promises lists them; "/promises 3" is the answer to a consultation, "/promises part 9" a part of one."""
    of = _ref_of_key(asked.argument)
    return Turn(goto_step(session, "one", of) if of else session.goto("promises.list"))


def ask_list(session: Session, facts: Facts) -> Say:
    _, promises, page = facts.words, facts[AllPromises].promises, session.notes.get("page")
    heading = _("What we promised")
    if not promises:
        return Say(
            _("Nothing is promised just now that isn't kept."),
            heading=heading,
            rows=(home_row(_),),
            replaces=True,
        )
    late = len(overdue(promises, facts.today))
    lines = [_.many("{n} of them is late.", "{n} of them are late.", late)] if late else []
    lines += [f"{n + 1}. {' '.join(_line(promises[n], facts))}" for n in on_page(page, len(promises))]
    rows = numbered_rows([promise.of.key for promise in promises], page, _)
    return Say("\n".join(lines), heading=heading, rows=(*rows, home_row(_)), replaces=True)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    page, number = page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    found = [promise.of for promise in facts[AllPromises].promises]
    if number and number <= len(found):
        return Turn(goto_step(session, "one", found[number - 1]))
    chosen = _ref_of_key(event.key) if isinstance(event, Chose) else None
    return Turn(goto_step(session, "one", chosen)) if chosen else None


def _ref_of_key(key: str) -> PromiseRef | None:
    """The promise that a button's key names: "3" or "part 9"; None for any other key."""
    if key.startswith("part "):
        number = number_behind(key, "part ")
        return None if number is None else PromiseRef("part", number)
    number = number_behind(key)
    return None if number is None else PromiseRef("consultation", number)


def _line(promise: Promise, facts: Facts) -> Iterator[str]:
    _, today = facts.words, facts.today
    title = title_of(promise.about, _)
    if promise.outcome and promise.part and promise.part.stands:
        what = with_full_stop(shorten(promise.outcome.original(promise.part.what)))
        yield f"{title}. {decision_sentence(promise.part.stands, what, _)}"
    else:
        yield _("{title}: an answer.", title=title)
    if promise.is_overdue(today):
        yield _("Late.")
    yield due_sentence(promise.due, today, _)
    if promise.moves:
        yield _.many("Moved once.", "Moved {n} times.", len(promise.moves))
