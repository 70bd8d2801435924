"""Items that stand in a row in a sentence, in each language."""

from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from conversations.core.i18n import Words

THINGS = ("A", "B", "C", "D")


def words(language: str) -> Words:
    return Words(language, "normal", NullTranslations(), ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("language", "comma"), [("en", ", "), ("pl", ", "), ("ar", "، "), ("ur", "، "), ("cy", ", ")]
)
@pytest.mark.parametrize("many", range(5))
def test_a_list_with_commas_names_each_item_once(language, comma, many):
    assert words(language).comma_list(THINGS[:many]) == comma.join(THINGS[:many])


@pytest.mark.parametrize("language", ["en", "pl", "ar"])
@pytest.mark.parametrize("many", range(1, 5))
def test_a_list_with_and_names_each_item_once(language, many):
    said = words(language).and_list(THINGS[:many])
    assert [said.count(thing) for thing in THINGS] == [1] * many + [0] * (4 - many)
