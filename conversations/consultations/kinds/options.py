"""What the two kinds of choice share: options on buttons, parsed from labels or numbers, shown by label."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

import regex

from conversations.consultations.form import Option, Question, Value
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.text import TEXT_MOST
from conversations.core.messages import Choice, Row
from conversations.core.pagination import LABEL_MOST, in_rows
from conversations.core.text import shorten

_SIDE_BY_SIDE = 13  # letters: two labels up to this length fit in one row on a small phone

# "3", "1, 3", "1 and 3", "1 i 3": numbers with at most a short word between them.
_NUMBERS = re.compile(r"\W*\d{1,3}(?:\W+(?:[^\W\d]{1,3}\W+)?\d{1,3})*\W*")
_BETWEEN = re.compile(r"[,;،、\n]+")
_SIGNS = regex.compile(r"[^\w\p{M}\s]+")


# --- on buttons -----------------------------------------------------------------------------------


def labels_fit(labels: Sequence[str]) -> bool:
    """Whether every label fits on a button. If not, they are numbered text with number buttons."""
    return all(_letters(label) <= LABEL_MOST for label in labels)


@lru_cache(maxsize=4096)
def _letters(label: str) -> int:
    """The number of grapheme clusters: a letter with its accents, or a flag emoji, counts as one."""
    return len(regex.findall(r"\X", label))


def numbered_lines(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels too long for buttons, as numbered text."""
    return () if labels_fit(labels) else tuple(f"{n}. {label}" for n, label in enumerate(labels, 1))


def option_buttons(labels: Sequence[str], ticked: Collection[int] | None = None) -> tuple[Row, ...]:
    """One button for each option. With `ticked`, options can be ticked, and those at these places are."""
    by_number = not labels_fit(labels)
    choices = [
        Choice(str(n), str(n + 1) if by_number else label, ticked=None if ticked is None else n in ticked)
        for n, label in enumerate(labels)
    ]
    short = all(len(label) <= _SIDE_BY_SIDE for label in labels)
    return tuple(in_rows(choices, 5 if by_number else 2 if short else 1))


def chosen_labels(question: Question, value: Value, said: FormWords, most: int) -> str:
    """The labels of the chosen options as a list in words, at most `most` letters long."""
    names = value if isinstance(value, tuple) else (value,)
    picked = (said(option.label) for option in question.options if option.name in names)
    return shorten(said.words.comma_list(picked), most)


# --- parsed from typed text -----------------------------------------------------------------------


def options_named_in(question: Question, text: str) -> list[Option] | None:
    """The options that a text names by label or number; None if any part of it names no option."""
    if len(text) > TEXT_MOST:
        return None
    known = _options_by_label(question)
    if (whole := known.get(_normalised(text))) is not None:
        return [whole]
    if _NUMBERS.fullmatch(text):
        return _options_by_number(question, [int(number) for number in re.findall(r"\d+", text)])
    parts = [part for part in _BETWEEN.split(text) if part.strip()]
    found = [known.get(_normalised(part)) or _option_by_number(question, part) for part in parts]
    picked = [option for option in found if option is not None]
    return picked if picked and len(picked) == len(found) else None


def _option_by_number(question: Question, part: str) -> Option | None:
    options = _options_by_number(question, [int(part)]) if part.strip().isdecimal() else None
    return options[0] if options else None


def _options_by_number(question: Question, numbers: Sequence[int]) -> list[Option] | None:
    if not all(1 <= number <= len(question.options) for number in numbers):
        return None
    return [question.options[number - 1] for number in numbers]


def _options_by_label(question: Question) -> dict[str, Option | None]:
    """The options by their normalised labels in every language; None if two options share a label."""
    known: dict[str, Option | None] = {}
    for option in question.options:
        for words in {_normalised(label) for label in option.label.values()}:
            known[words] = option if words not in known else None
    return known


def _normalised(text: str) -> str:
    """A label without emoji, case and punctuation, so that "safe" matches "Safe 😀"."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(_SIGNS.sub(" ", folded).split()) or folded
