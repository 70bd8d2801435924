"""Signs of danger in two tiers: the list and the classifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.word_lists import load_lookout
from conversations.safeguarding.classifier import classifier_from
from conversations.safeguarding.noticing import Noticed, explain, notice

LOOKOUT = load_lookout()


def test_what_a_list_has_is_firm():
    assert notice("i want to die", LOOKOUT) == Noticed("firm", "suicide")
    assert notice("my friend wants to die", LOOKOUT) == Noticed("firm", "suicide", "other")


def test_an_ordinary_answer_is_nothing():
    assert notice("more buses after six please", LOOKOUT) is None


def test_the_words_that_weighed_are_told():
    weights = dict(explain("the bus was late and my stepdad pinned me down", LOOKOUT))
    assert weights["stepdad"] > weights["bus"]


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    notice(text, LOOKOUT)
    explain(text, LOOKOUT)


def test_a_hundred_kilobytes_are_looked_through():
    long = "the bus was late again " * 5000
    assert notice(long, LOOKOUT) is None
    assert notice(long + "i want to die", LOOKOUT) == Noticed("firm", "suicide")


@pytest.mark.parametrize("broken", [b"", b"{}\n1234", b"not json\n1234", b'{"scale": 1}\n1234'])
def test_a_file_of_weights_that_cannot_be_read_is_refused(broken):
    with pytest.raises(ValueError, match="not the weights"):
        classifier_from(broken)
