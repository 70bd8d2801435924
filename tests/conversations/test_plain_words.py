"""Empty becauses, and words that young people may not know, as staff really type them."""

import pytest

from conversations.outcomes.write.readability import hard_words
from conversations.outcomes.write.reasons import says_nothing

NOTHING = [
    "no",
    "No.",
    "because",
    "Because: Because",
    "...",
    "n/a",
    "tbc",
    "we can't",
    "It is not possible.",
    "just because",
]
NOTHING += [
    "no reason",
    "xx",
    "money",
    "nie",
    "bo nie",
    "Ponieważ to niemożliwe",
    "لا",
    "لأنه غير ممكن",
    "42",
]
SOMETHING = [
    "no money",
    "nobody may work there then",
    "It costs too much.",
    "za drogo teraz",
    "nie ma pieniędzy",
]
SOMETHING += ["لا يوجد مال", "There are four people on it after 20:30.", "the law says no"]


@pytest.mark.parametrize("because", NOTHING)
def test_an_empty_because_does_not_count(because):
    assert says_nothing(because)


@pytest.mark.parametrize("because", SOMETHING)
def test_a_short_reason_is_one(because):
    assert not says_nothing(because)


LETTERS = [
    ("The LAC review changes.", "LAC"),
    ("CIC and LAC get it, says MASH.", "CIC, LAC, MASH"),
    ("Your EHCP is looked at again", "EHCP"),
    ("All EHCPs, and the SENCo's plan", "EHCP"),
    ("Ask CAMHS. CAMHS has more places.", "CAMHS"),
]


@pytest.mark.parametrize(("text", "letters"), LETTERS)
def test_abbreviations_are_pointed_out_once(text, letters):
    (doubt,) = hard_words(text)
    assert doubt.values == {"letters": letters}


@pytest.mark.parametrize(
    "text",
    [
        "Children in care (CIC) get it.",
        "MASH (the team that keeps you safe) reads it.",
        "The NHS and your GP, on TV, in the UK.",
        "ASK US AGAIN IN MAY",
        "We put lamps at the A303 and the M4.",
        "I said so. It's OK.",
        "Postawimy dwie lampy na ulicy Łódzkiej.",
    ],
)
def test_known_and_explained_abbreviations_are_left_alone(text):
    assert list(hard_words(text)) == []


def test_a_very_long_sentence_is_named_with_its_length():
    (doubt,) = hard_words(" ".join(["word"] * 26) + ". Short.")
    assert doubt.values == {"many": 26}
    assert list(hard_words(" ".join(["word"] * 25) + ".")) == []
