"""Signs of danger in two tiers: what a list finds, and what the classifier does."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.word_lists import load_lookout, load_vocabulary
from conversations.safeguarding.classifier.features import (
    LONGEST_WORD,
    joint_features,
    vocabulary_from,
    word_features,
)
from conversations.safeguarding.classifier.scoring import SPAN, STEP, classifier_from, spans
from conversations.safeguarding.detector import KINDS
from conversations.safeguarding.noticing import KIND_OF, Noticed, explain, notice
from training.provenance import WEIGHTS, made_from

LOOKOUT = load_lookout()
SENTENCES = tomllib.loads((Path(__file__).parent / "noticing_sentences.toml").read_text("utf-8"))
ORDINARY = "the buses are always late on sundays and the new app does not tell you so "


def lines(name: str) -> list[str]:
    return SENTENCES[name].strip().splitlines()


@pytest.mark.parametrize("text", lines("firm"))
def test_what_is_nearly_sure_is_firm(text):
    found = notice(text, LOOKOUT)
    assert found
    assert found.tier == "firm"


@pytest.mark.parametrize("text", lines("soft"))
def test_what_is_likely_is_noticed_at_least(text):
    assert notice(text, LOOKOUT) is not None


@pytest.mark.parametrize("text", lines("none"))
def test_ordinary_answers_are_nothing(text):
    assert notice(text, LOOKOUT) is None


def test_a_friend_s_danger_is_somebody_elses():
    found = notice("my bessie has been texting bye to everyone", LOOKOUT)
    assert found
    assert found.whose == "other"


def test_a_sign_at_the_end_of_a_long_answer_is_noticed():
    found = notice(ORDINARY * 30 + "also he keeps my bank card and tracks me", LOOKOUT)
    assert found
    assert found.by == "classifier"


def test_the_words_that_weighed_are_told():
    nearest, words = explain("the bus was late and my stepdad pinned me down", LOOKOUT)
    weights = dict(words)
    assert nearest == "physical"
    assert weights["pinned"] > weights["bus"]
    assert [weight for _, weight in words] == sorted(weights.values(), reverse=True)


@given(st.text(max_size=300))
def test_no_text_makes_it_stumble(text):
    found = notice(text, LOOKOUT)
    assert found is None or found.kind in KINDS
    explain(text, LOOKOUT)


@pytest.mark.parametrize("piece", ["a", "i ", "ﷺ", "knife ", "he hits me ", "xq1!"])
def test_a_hundred_kilobytes_of_anything_are_looked_through(piece):
    notice((piece * 100_000)[:100_000], LOOKOUT)


def test_a_sign_at_the_end_of_a_hundred_kilobytes_is_noticed():
    assert notice(ORDINARY * 1300 + "i want to kill myself", LOOKOUT) is not None


@given(st.integers(0, 3000))
def test_every_word_is_in_a_span_and_spans_are_few(words):
    found = [*spans(words)]
    assert {at for start, end in found for at in range(start, end)} == set(range(words))
    assert len(found) <= words // STEP + 2
    assert all(end - start <= SPAN for start, end in found[1:])


def test_each_kind_that_is_told_apart_is_a_kind_of_danger():
    assert set(KIND_OF.values()) <= set(KINDS)
    assert set(KIND_OF) < set(LOOKOUT.classifier.model.names)


# --- the file of weights ----------------------------------------------------------------------------


def test_of_an_endless_word_only_the_beginning_is_looked_at():
    vocabulary = load_vocabulary()
    assert word_features("e" * 100_000, vocabulary) == word_features("e" * LONGEST_WORD, vocabulary)


def test_the_weights_were_made_from_the_sentences_that_are_here():
    made = LOOKOUT.classifier.model.made_from
    assert made == made_from(), "The sentences, classes or features changed: make train"


def test_the_weights_are_small():
    assert WEIGHTS.stat().st_size <= 2_000_000


@pytest.mark.parametrize("broken", [b"", b"{}\n1234", b"not json\n1234", b'{"models": []}\n1234'])
def test_a_file_of_weights_that_cannot_be_read_is_refused(broken):
    with pytest.raises(ValueError, match="not the weights"):
        classifier_from(broken, load_vocabulary())


def test_a_file_of_weights_that_is_cut_off_is_refused():
    with pytest.raises(ValueError, match="not the weights"):
        classifier_from(WEIGHTS.read_bytes()[:-100], load_vocabulary())


# --- features ---------------------------------------------------------------------------------------


def test_a_misspelt_word_is_in_the_classes_of_the_word_that_is_meant():
    vocabulary = vocabulary_from({"classes": {"hit": "punched", "kin": "uncle aunt"}})
    meant = vocabulary.classes_of("punched")
    assert meant
    assert vocabulary.classes_of("puched") == vocabulary.classes_of("punchedd") == meant
    assert vocabulary.classes_of("punchet") == meant
    assert vocabulary.classes_of("launched") == vocabulary.classes_of("ant") == ()


def test_classes_a_few_words_apart_count_together():
    vocabulary = vocabulary_from({"classes": {"hit": "punched", "kin": "uncle"}})
    features = [word_features(word, vocabulary) for word in ("my", "uncle", "once", "punched")]
    assert [len(found) for found in joint_features(features)] == [1, 1, 3, 4]


def test_a_list_of_classes_needs_its_table():
    with pytest.raises(ValueError, match="needs the table"):
        vocabulary_from({"classes": "uncle"})


def test_a_sign_says_what_it_is():
    assert notice("i want to die", LOOKOUT) == Noticed("firm", "suicide")
    assert notice("my friend wants to die", LOOKOUT) == Noticed("firm", "suicide", "other")
