"""Asks once before a text with something personal in it is stored for many to read; in a step with a preview, before each.

Whatever staff type for many is an effect `ForMany`. The engine asks here before it applies one: the text waits, sealed, in the
sitting. A yes takes it as it is, and anything else that is typed is taken instead of it.
"""

from collections.abc import Callable

from conversations.core.effects import Effect, ForMany
from conversations.core.events import Chose, Said
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.messages import Choice, Say, Session
from conversations.core.personal.finder import Personal, PersonalKind, find_personal
from conversations.core.record import replace

# What those who get a text will read, from the text as it was typed.
Preview = Callable[[Session, Facts, str], str]

_NOTE = "personal"  # the visit in which a text waits for a yes
_YES = "as it is"
_SHOWN = 6  # lines

_LOOKS_LIKE: dict[PersonalKind, str] = {
    "phone": N_("This looks like a phone number: {what}"),
    "email": N_("This looks like an e-mail address: {what}"),
    "link": N_("This looks like a link to somebody's profile: {what}"),
    "handle": N_("This looks like somebody's name in an app: {what}"),
    "postcode": N_("This looks like a postcode: {what}"),
    "street": N_("This looks like somebody's street: {what}"),
    "birth": N_("This looks like a date of birth: {what}"),
    "number": N_("This looks like a number that belongs to one person: {what}"),
    "name": N_("This looks like somebody's name: {what}"),
}


def personal_lines(texts: tuple[str, ...], _: Words, ours: str = "") -> list[str]:
    """One line for each personal thing in these texts; empty if there is none."""
    found = dict.fromkeys(one for text in texts for one in find_personal(text, ours))
    return [_line(one, _) for one in list(found)[:_SHOWN]]


def is_asking(session: Session, facts: Facts) -> bool:
    """Whether a text waits for a yes here."""
    return session.notes.get(_NOTE) == session.visit and bool(facts.sitting.held)


def should_ask(effects: tuple[Effect, ...], facts: Facts, preview: Preview | None) -> bool:
    """Whether something that many would read holds something personal, or is to be shown first."""
    texts = [text for effect in effects if isinstance(effect, ForMany) for text in effect.read_by_many]
    return any(preview or find_personal(text, facts.rules.contact) for text in texts)


def hold(session: Session) -> Session:
    """The session in which a text waits for a yes."""
    return session.with_notes(**{_NOTE: session.visit})


def without_waiting(session: Session) -> Session:
    notes = {name: note for name, note in session.notes.items() if name != _NOTE}
    return replace(session, notes=notes)


def confirmed_text(session: Session, event: object, facts: Facts) -> Said | None:
    """The text that was said yes to, as if it were typed now; None for everything else."""
    if isinstance(event, Chose) and event == Chose(session.visit, _YES) and is_asking(session, facts):
        return Said(facts.sitting.held)
    return None


def question(asked: Say, session: Session, facts: Facts, preview: Preview | None) -> Say:
    """The question that a step asks, or in its place the one about the text that waits. A page has it in its field."""
    if not is_asking(session, facts):
        return asked
    _, text = facts.words, facts.sitting.held
    shown = [preview(session, facts, text), ""] if preview else []
    lines = [f"· {line}" for line in personal_lines((text,), _, facts.rules.contact)]
    if lines:
        heading, label = _("Many people will read this"), _("Publish it all the same")
        ask = "\n".join((*lines, "", _("Publish it all the same? Or write it again without that.")))
    else:
        # For staff.
        heading, label = _("This is what they get"), _("Yes, like this")
        # For staff.
        ask = _("Shall it go out like this? Or write it again.")
    rows = ((Choice(_YES, label),), *asked.rows)
    return replace(asked, text="\n".join((*shown, ask)), heading=heading, rows=rows, draft=text)


def _line(one: Personal, _: Words) -> str:
    return _(_LOOKS_LIKE[one.kind], what=one.found)
