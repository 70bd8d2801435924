"""Whether what somebody typed or tapped is an answer: it becomes a value, or a kind reason why not."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date

import regex

from conversations.consultations.conditions import holds
from conversations.consultations.form import Answers, Option, Question, Texts, Value
from conversations.consultations.skip_logic import points
from conversations.core.i18n import N_
from conversations.core.record import record

TEXT_MOST = 4000
_NUMBER_MOST = 999_999_999
_AGREEING = frozenset({"ok", "okay", "yes", "y", "👍", "tak", "نعم"})

_WHOLE = re.compile(r"\s*([+-]?\d{1,15})\s*\.?\s*")
# "3", "1, 3", "1 and 3", "1 i 3": numbers, and nothing between them longer than a small word.
_NUMBERS = re.compile(r"\W*\d{1,3}(?:\W+(?:[^\W\d]{1,3}\W+)?\d{1,3})*\W*")
_BETWEEN = re.compile(r"[,;،、\n]+")
_SIGNS = regex.compile(r"[^\w\p{M}\s]+")


@record
class Unfit:
    """Why something is not an answer: a message of the catalogue and what fills it.

    `own` is the form's own message in its languages; where there is one, it is said instead.
    """

    words: str
    values: Mapping[str, object] = field(default_factory=dict)
    own: Texts = field(default_factory=dict)


def typed(question: Question, text: str, answers: Answers, today: date) -> Value | Unfit:
    """What somebody wrote, as an answer. `answers` are those that count (`asking.counting`)."""
    value = _read(question, text)
    return value if isinstance(value, Unfit) else _held(question, value, answers, today)


def chosen(question: Question, places: Sequence[int], answers: Answers, today: date) -> Value | Unfit:
    """What somebody tapped, as an answer: places among the options (or a range's `points`), from 0.

    Raises IndexError for a place that there is not.
    """
    match question.kind:
        case "select_multiple":
            picked = [question.options[place] for place in places]
            value: Value | Unfit = _several(question, picked)
        case "select_one":
            value = question.options[places[0]].name
        case "range":
            value = points(question)[places[0]]
        case "acknowledge":
            value = True
        case _:
            raise IndexError(question.kind)
    return value if isinstance(value, Unfit) else _held(question, value, answers, today)


def _held(question: Question, value: Value, answers: Answers, today: date) -> Value | Unfit:
    if not question.constraint or holds(question.constraint, answers, today=today, current=value):
        return value
    return Unfit(N_("That doesn't fit here. Can you say it another way?"), own=question.constraint_message)


def _read(question: Question, text: str) -> Value | Unfit:
    match question.kind:
        case "text":
            return _words(text)
        case "integer":
            return _whole(text)
        case "range":
            return _point(question, text)
        case "select_one":
            return _one(question, text)
        case "select_multiple":
            return _several(question, _picked(question, text))
        case "acknowledge":
            agreed = text.strip().casefold().strip(".!") in _AGREEING
            return agreed or Unfit(N_("Tap the button when you're ready to go on."))
        case "note":
            return Unfit(N_("There's nothing to answer here. Go on when you're ready."))


def _words(text: str) -> str | Unfit:
    text = text.strip()
    if not text:
        return Unfit(N_("I need a few words here."))
    if len(text) > TEXT_MOST:
        return Unfit(
            N_("That's longer than I can keep. Can you say it in {most} letters?"), {"most": TEXT_MOST}
        )
    return text


def _whole(text: str) -> int | Unfit:
    found = _WHOLE.fullmatch(text)
    if found is None:
        return Unfit(N_("I need a whole number here, like 3."))
    number = int(found[1])
    return number if abs(number) <= _NUMBER_MOST else Unfit(N_("That number is too big for me."))


def _point(question: Question, text: str) -> int | Unfit:
    numbers = points(question)
    value = _whole(text)
    if isinstance(value, int) and value in numbers:
        return value
    if question.step == 1:
        return Unfit(
            N_("Choose a number from {least} to {most}."), {"least": numbers[0], "most": numbers[-1]}
        )
    return Unfit(N_("Choose one of these: {numbers}."), {"numbers": ", ".join(map(str, numbers))})


def _one(question: Question, text: str) -> str | Unfit:
    picked = _picked(question, text)
    if picked is None:
        return Unfit(N_("I can't find that choice. Tap one, or write what stands on it."))
    return picked[0].name if len(picked) == 1 else Unfit(N_("Choose just one."))


def _several(question: Question, picked: Iterable[Option] | None) -> tuple[str, ...] | Unfit:
    if picked is None:
        return Unfit(
            N_("I can't find those choices. Tap them, or write what stands on them, with commas between.")
        )
    names = {option.name for option in picked}
    # In the order of the form, whatever the order of the taps.
    return tuple(o.name for o in question.options if o.name in names) or Unfit(N_("Choose at least one."))


def _picked(question: Question, text: str) -> list[Option] | None:
    """The options that a text names, by their words or their numbers; None if any part of it names none."""
    if len(text) > TEXT_MOST:
        return None
    known = _by_words(question)
    if (whole := known.get(_plainly(text))) is not None:
        return [whole]
    if _NUMBERS.fullmatch(text):
        return _numbered(question, [int(number) for number in re.findall(r"\d+", text)])
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    found = [known.get(_plainly(part)) or _single(question, part) for part in parts]
    picked = [option for option in found if option is not None]
    return picked if picked and len(picked) == len(found) else None


def _single(question: Question, part: str) -> Option | None:
    options = _numbered(question, [int(part)]) if part.strip().isdecimal() else None
    return options[0] if options else None


def _numbered(question: Question, numbers: Sequence[int]) -> list[Option] | None:
    if not all(1 <= number <= len(question.options) for number in numbers):
        return None
    return [question.options[number - 1] for number in numbers]


def _by_words(question: Question) -> dict[str, Option | None]:
    """Every option by its label in every language; None where two options sound the same."""
    known: dict[str, Option | None] = {}
    for option in question.options:
        for words in {_plainly(label) for label in option.label.values()}:
            known[words] = option if words not in known else None
    return known


def _plainly(text: str) -> str:
    """A label without its emoji, case and punctuation: "safe" means "Safe 😀"."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(_SIGNS.sub(" ", folded).split()) or folded
