"""An outcome as text: you said, we heard, we did. Messages, the page and the chat share these sentences."""

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
from conversations.team.corrections import correction_lines


class OwnWords(Record):
    """A person's answer to a part's question: a choice or free text; empty if they gave none."""

    chose: str = ""
    wrote: str = ""


def reading_words(outcome: Outcome, reader: Words, library: Library) -> Words:
    """The words to read an outcome in: the reader's language if it is fully translated, otherwise the one that it was
    written in. A reading version may have gaps; the normal text fills them.
    """
    if all(_has_language(texts, reader) for _spot, texts in spots(outcome)):
        return reader
    return library.words(outcome.language, reader.version)


def outcome_heading(outcome: Outcome, _: Words) -> str:
    """The heading: "Buses after school: here is what happened."."""
    return _("{title}: here is what happened.", title=title_of(outcome.about, _))


def outcome_text(outcome: Outcome, own: Sequence[OwnWords], _: Words) -> str:
    """All parts in order, each with the person's own answer, and who decided; without the heading. `own` has one
    entry for each part, or none; `_` comes from `reading_words`.
    """
    beside = own or [OwnWords()] * len(outcome.parts)
    paragraphs = [
        "\n".join(_part_lines(outcome, part, said, _))
        for part, said in zip(outcome.parts, beside, strict=True)
    ]
    decided = _decider_line(outcome, _)
    corrected = "\n".join(correction_lines(outcome.corrections, _))
    return "\n\n".join(filter(None, (*paragraphs, decided, corrected)))


def text_of(outcome: Outcome, texts: Texts, _: Words) -> str:
    """A text of the outcome in the language and reading version of `_`, or else the original."""
    return texts.get(f"{_.language}-{_.version}") or texts.get(_.language) or outcome.original(texts)


def title_of(about: About, _: Words) -> str:
    """Its title. An issue has none of its own, and is named by its heading and area."""
    if about.subject.kind == "issue":
        return _issue_title(about, _)
    return wording(about.title, _.language, _.version, about.language)


def read_title(about: About, _: Words) -> str:
    """Its title in the language that its whole form is read in (see `form_words`)."""
    return form_words(about.form, _).title if about.form else title_of(about, _)


def _issue_title(about: About, _: Words) -> str:
    theme = theme_names(_)[about.themes[0]] if about.themes else ""
    if theme and about.area:
        return _("Raised by one of you: {theme}, {area}", theme=theme, area=about.area)
    return _("Raised by one of you: {theme}", theme=theme) if theme else _("Raised by one of you")


def _has_language(texts: Texts, _: Words) -> bool:
    return bool(texts.get(_.language) or texts.get(f"{_.language}-{_.version}"))


def _part_lines(outcome: Outcome, part: Part, own: OwnWords, _: Words) -> Iterator[str]:
    said = {
        name: with_full_stop(text_of(outcome, part.text(name), _))
        for name in ("you_said", "we_heard", "what")
    }
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
        yield decision_sentence(part.decision, said["what"], _)
    if part.because:
        yield _("Because: {reason}", reason=with_full_stop(text_of(outcome, part.because, _)))
    if part.owner:
        yield _("Who: {who}", who=with_full_stop(text_of(outcome, part.owner, _)))
    if part.due:
        yield _("By: {date}.", date=_.long_date(part.due))
    yield from history_lines(part, _)


def history_lines(part: Part, _: Words) -> Iterator[str]:
    """What happened since publication: postponements, status changes, and what the owner and participants say about
    it.
    """
    yield from postponement_lines(part.moves, _)
    for change in part.changes:
        yield _("Since {date}: {what}", date=_.long_date(change.at), what=status_sentence(change.now, _))
        if change.because:
            yield reason_sentence(change.because, change.language, _)
    if part.standing and part.stands != "cant":
        yield from filter(None, (standing_text(part.standing, part.standing.smallest, _),))


def postponement_lines(moves: Iterable[Move], _: Words) -> Iterator[str]:
    """Each postponement with its reason."""
    for move in moves:
        yield _("It was to be by {date}. We moved it.", date=_.long_date(move.was))
        yield reason_sentence(move.reason, move.language, _)


def status_sentence(stands: str, _: Words) -> str:
    """The status of a promise as a sentence: "It is done."; empty for any other status."""
    match stands:
        case "doing":
            return _("We have begun.")
        case "did":
            return _("It is done.")
        case "cant":
            return _("We can't do it after all.")
    return ""


def reason_sentence(reason: str, language: str, _: Words) -> str:
    """A reason as the team wrote it. It names the language if that differs from the language of `_`."""
    if language == _.language:
        return _("Because: {reason}", reason=with_full_stop(reason))
    named = language_name(language, _.language)
    return _("The reason, in {language}: {reason}", language=named, reason=with_full_stop(reason))


def decision_sentence(decision: Decision, what: str, _: Words) -> str:
    """A decision as a sentence: "We will: put two lamps at the stop."."""
    match decision:
        case "did":
            return _("We did: {what}", what=what)
        case "doing":
            return _("We are doing: {what}", what=what)
        case "will":
            return _("We will: {what}", what=what)
        case "cant":
            return _("We can't: {what}", what=what)


def _decider_line(outcome: Outcome, _: Words) -> str:
    who = text_of(outcome, outcome.who, _).strip().rstrip(".")
    if not who:
        return ""
    if outcome.published is None:
        return _("Decided by {who}.", who=who)
    return _("Decided by {who}, {date}.", who=who, date=_.long_date(outcome.published))


def with_full_stop(text: str) -> str:
    """The text with a full stop, unless it has an end mark."""
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?", "…", "؟", "。")) else f"{text}."
