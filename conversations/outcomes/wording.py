"""An outcome in words: you said, we heard, we did. The message, the page and the chat all say these."""

from collections.abc import Iterable, Iterator, Sequence

from conversations.consultations.form import Texts, wording
from conversations.consultations.form_text import form_words
from conversations.core.i18n import Library, Words, language_name
from conversations.core.record import Record
from conversations.core.text import shorten
from conversations.core.themes import theme_names
from conversations.outcomes.history import Move
from conversations.outcomes.outcome import About, Decision, Outcome, Part, spots
from conversations.outcomes.standing import standing_text


class OwnWords(Record):
    """What one person said to the question that a part answers, to stand under it; empty where they did not."""

    chose: str = ""
    wrote: str = ""


def read_in(outcome: Outcome, reader: Words, library: Library) -> Words:
    """The words that somebody reads it in: their own language where every text of it is there, else all of it
    in the one that it was written in. A reading version may have gaps: the normal text stands in.
    """
    if all(_there(texts, reader) for _spot, texts in spots(outcome)):
        return reader
    return library.words(outcome.language, reader.version)


def outcome_heading(outcome: Outcome, _: Words) -> str:
    """What stands over it: "Buses after school: here is what happened"."""
    return _("{title}: here is what happened.", title=title_of(outcome.about, _))


def outcome_text(outcome: Outcome, own: Sequence[OwnWords], _: Words) -> str:
    """All parts in order, a person's own answers (one of each part) under them, and who decided; without the
    heading. The words are those that it is read in.
    """
    beside = own or [OwnWords()] * len(outcome.parts)
    paragraphs = [
        "\n".join(_part(outcome, part, said, _)) for part, said in zip(outcome.parts, beside, strict=True)
    ]
    decided = _decided(outcome, _)
    return "\n\n".join([*paragraphs, *([decided] if decided else [])])


def text_of(outcome: Outcome, texts: Texts, _: Words) -> str:
    """A text of the outcome as it is read in these words."""
    return texts.get(f"{_.language}-{_.version}") or texts.get(_.language) or outcome.original(texts)


def title_of(about: About, _: Words) -> str:
    """What it is called. What was raised has no title of its own, and is called by what it is about."""
    if about.subject.kind == "issue":
        return _raised(about, _)
    return wording(about.title, _.language, _.version, about.language)


def read_title(about: About, _: Words) -> str:
    """The same in the one language that its whole form is read in."""
    return form_words(about.form, _).title if about.form else title_of(about, _)


def _raised(about: About, _: Words) -> str:
    theme = theme_names(_)[about.themes[0]] if about.themes else ""
    if theme and about.area:
        return _("Raised by one of you: {theme}, {area}", theme=theme, area=about.area)
    return _("Raised by one of you: {theme}", theme=theme) if theme else _("Raised by one of you")


def _there(texts: Texts, _: Words) -> bool:
    return bool(texts.get(_.language) or texts.get(f"{_.language}-{_.version}"))


def _part(outcome: Outcome, part: Part, own: OwnWords, _: Words) -> Iterator[str]:
    said = {name: ended(text_of(outcome, part.text(name), _)) for name in ("you_said", "we_heard", "what")}
    yield _("You said: {what}", what=said["you_said"])
    if own.chose:
        yield _("(You chose: {choice}.)", choice=shorten(own.chose))
    if own.wrote:
        yield _('(You wrote: "{words}")', words=shorten(own.wrote))
    if part.quote and part.quote.words:
        yield _('One of you wrote: "{words}"', words=" ".join(part.quote.words.split()))
    if said["we_heard"]:
        yield _("We heard: {what}", what=said["we_heard"])
    if part.decision and said["what"]:
        yield done(part.decision, said["what"], _)
    if part.because:
        yield _("Because: {reason}", reason=ended(text_of(outcome, part.because, _)))
    if part.owner:
        yield _("Who: {who}", who=ended(text_of(outcome, part.owner, _)))
    if part.due:
        yield _("By: {date}.", date=_.long_date(part.due))
    yield from since_then(part, _)


def since_then(part: Part, _: Words) -> Iterator[str]:
    """What happened since it was published: days that were moved, where it stands by now, and whether that is so by
    those who promised it and by those who took part.
    """
    yield from moved(part.moves, _)
    for change in part.changes:
        yield _("Since {date}: {what}", date=_.long_date(change.at), what=by_now(change.now, _))
        if change.because:
            yield because_of(change.because, change.language, _)
    if part.standing and part.stands != "cant":
        yield from filter(None, (standing_text(part.standing, part.standing.smallest, _),))


def moved(moves: Iterable[Move], _: Words) -> Iterator[str]:
    """Each time that a promised day was moved, and why."""
    for move in moves:
        yield _("It was to be by {date}. We moved it.", date=_.long_date(move.was))
        yield because_of(move.reason, move.language, _)


def by_now(stands: str, _: Words) -> str:
    """Where something that was promised stands: "It is done."."""
    match stands:
        case "doing":
            return _("We have begun.")
        case "did":
            return _("It is done.")
        case "cant":
            return _("We can't do it after all.")
    return ""


def because_of(reason: str, language: str, _: Words) -> str:
    """A reason as the team wrote it; it says so where that is another language than the words around it."""
    if language == _.language:
        return _("Because: {reason}", reason=ended(reason))
    named = language_name(language, _.language)
    return _("The reason, in {language}: {reason}", language=named, reason=ended(reason))


def done(decision: Decision, what: str, _: Words) -> str:
    """What came of it, as it begins: "We will: put two lamps at the stop."."""
    match decision:
        case "did":
            return _("We did: {what}", what=what)
        case "doing":
            return _("We are doing: {what}", what=what)
        case "will":
            return _("We will: {what}", what=what)
        case "cant":
            return _("We can't: {what}", what=what)


def _decided(outcome: Outcome, _: Words) -> str:
    who = text_of(outcome, outcome.who, _).strip().rstrip(".")
    if not who:
        return ""
    if outcome.published is None:
        return _("Decided by {who}.", who=who)
    return _("Decided by {who}, {date}.", who=who, date=_.long_date(outcome.published))


def ended(text: str) -> str:
    """What staff typed, with the full stop that they may have left out."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…", "؟", "。")) else f"{text}."
