"""An outcome in words: you said, we heard, we did. The message, the page and the chat all say these."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from conversations.effects import Decision, Part
from conversations.forms import Texts, wording
from conversations.words import Words

_SHORT = 80  # of a person's own words, enough to know them again


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a consultation. `title` is the form's; `published` is UTC, None until it is; `sample` says that
    nobody really decided it.
    """

    id: int
    consultation: int
    title: Texts
    parts: tuple[Part, ...]
    who: str
    published: datetime | None = None
    default_language: str = "en"
    sample: bool = False


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What one person said in that consultation, to stand beside what came of it; empty where they did not."""

    chose: str = ""
    wrote: str = ""


def outcome_heading(outcome: Outcome, _: Words) -> str:
    """What stands over it: "Buses after school: here is what happened"."""
    return _("{title}: here is what happened.", title=title_of(outcome, _))


def outcome_text(outcome: Outcome, own: OwnWords | None, _: Words) -> str:
    """All parts in order, the person's own answer under the first, and who decided; without the heading."""
    paragraphs = [
        "\n".join(_part(part, own if place == 0 else None, _)) for place, part in enumerate(outcome.parts)
    ]
    decided = _decided(outcome, _)
    return "\n\n".join([*paragraphs, *([decided] if decided else [])])


def title_of(outcome: Outcome, _: Words) -> str:
    return wording(outcome.title, _.language, _.version, outcome.default_language)


def shortened(text: str, most: int = _SHORT) -> str:
    """One line of at most `most` characters; what is left out shows as "…"."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _part(part: Part, own: OwnWords | None, _: Words) -> Iterator[str]:
    yield _("You said: {what}", what=_ended(part.you_said))
    if own and own.chose:
        yield _("(You chose: {choice}.)", choice=shortened(own.chose))
    if own and own.wrote:
        yield _('(You wrote: "{words}".)', words=shortened(own.wrote))
    if part.we_heard:
        yield _("We heard: {what}", what=_ended(part.we_heard))
    yield _done(part.decision, _ended(part.what), _)
    if part.because:
        yield _("Because: {reason}", reason=_ended(part.because))
    if part.owner:
        yield _("Who: {who}", who=_ended(part.owner))
    if part.due:
        yield _("By: {date}.", date=_.dated(part.due))


def _done(decision: Decision, what: str, _: Words) -> str:
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
    who = outcome.who.strip().rstrip(".")
    if not who:
        return ""
    if outcome.published is None:
        return _("Decided by {who}.", who=who)
    return _("Decided by {who}, {date}.", who=who, date=_.dated(outcome.published))


def _ended(text: str) -> str:
    """What staff typed, with the full stop that they may have left out."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "؟", "。")) else f"{text}."
