"""A long list as buttons: eight a page, labelled by name if all names are short, else by number. And a row for home."""

import re
from collections.abc import Sequence

from conversations.core.events import Chose, Event, Said
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row

A_PAGE = 8
LABEL_MOST = 20  # letters: the longest name that fits on a button
_NUMBERS_IN_A_ROW = 4
_DIGITS = 11  # enough for seconds until the year 5138, and for any id
_NUMBER = re.compile(r" *\d{1,4}\.? *")


def pages_of(count: int) -> int:
    """How many pages a list of `count` items has; at least 1."""
    return max(1, -(-count // A_PAGE))


def on_page(page: Note, count: int) -> range:
    """The places in the list that this page shows. A page past the end shows the last one."""
    number = page if isinstance(page, int) else 0
    first = min(max(number, 0), pages_of(count) - 1) * A_PAGE
    return range(first, min(first + A_PAGE, count))


def names_fit(names: Sequence[str]) -> bool:
    """Whether all names fit on buttons."""
    return all(len(name) <= LABEL_MOST for name in names)


def page_rows(keys: Sequence[str], names: Sequence[str], page: Note, _: Words) -> tuple[Row, ...]:
    """The buttons of one page, with buttons to the next and previous. `keys` and `names` cover the whole list."""
    if not names_fit(names):
        return numbered_rows(keys, page, _)
    shown = on_page(page, len(keys))
    rows = in_rows([Choice(keys[place], names[place]) for place in shown], 1)
    return (*rows, *page_buttons(shown, len(keys), _))


def numbered_rows(keys: Sequence[str], page: Note, _: Words) -> tuple[Row, ...]:
    """The buttons of one page labelled by number, counted from 1 across all pages."""
    shown = on_page(page, len(keys))
    rows = in_rows([Choice(keys[place], str(place + 1)) for place in shown], _NUMBERS_IN_A_ROW)
    return (*rows, *page_buttons(shown, len(keys), _))


def page_turned_to(event: Event) -> int | None:
    """The page that a tap on "More" or "Earlier" leads to."""
    if isinstance(event, Chose) and event.key.startswith("page:"):
        return number_behind(event.key, "page:")
    return None


def number_behind(key: str, prefix: str = "") -> int | None:
    """The id, or the time in seconds, after the prefix in a button's key. None if there is no such number."""
    number = key.removeprefix(prefix)
    named = key.startswith(prefix) and number.isascii() and number.isdecimal() and len(number) <= _DIGITS
    return int(number) if named else None


def typed_number(event: Event) -> int | None:
    """A number that somebody typed instead of tapping; 1 or more."""
    if isinstance(event, Said) and _NUMBER.fullmatch(event.text):
        return int(event.text.strip(" .")) or None
    return None


def in_rows(choices: Sequence[Choice], wide: int) -> list[Row]:
    """The buttons in rows of `wide`."""
    return [tuple(choices[i : i + wide]) for i in range(0, len(choices), wide)]


def page_buttons(shown: range, count: int, _: Words) -> tuple[Row, ...]:
    """The buttons to the pages before and after the one shown; no row if there are none."""
    page = shown.start // A_PAGE
    ways = [Choice(f"page:{page - 1}", _("Earlier"), aside=True)] if page else []
    ways += [Choice(f"page:{page + 1}", _("More"), aside=True)] if shown.stop < count else []
    return (tuple(ways),) if ways else ()


def back_row(_: Words) -> Row:
    """The quiet button back to the step before."""
    return (Choice("back", _("Back"), aside=True),)


def home_row(_: Words) -> Row:
    """A button to home, for below the choices."""
    return (Choice("/home", _("Home"), aside=True),)
