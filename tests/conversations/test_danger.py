"""Signs of danger: found in disguise, not found in answers about buses, and never an error."""

import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.word_lists import load_signs
from conversations.safeguarding.detector import CHECKED_LANGUAGES, KINDS, Danger, Signs, scan, signs_from
from conversations.safeguarding.normaliser import normalise

SIGNS = load_signs()
SENTENCES = tomllib.loads((Path(__file__).parent / "danger_sentences.toml").read_text("utf-8"))
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\ufe0f\u0336"
A_LIST = {"signs": {"suicide": "want to die"}}


def lines(name: str) -> list[str]:
    return SENTENCES[name].strip().splitlines()


OWN = [(kind, text) for kind, block in SENTENCES["own"].items() for text in block.strip().splitlines()]


@pytest.mark.parametrize(("kind", "text"), OWN)
def test_a_sign_is_seen(kind, text):
    assert scan(text, SIGNS) == Danger(kind)


@pytest.mark.parametrize("text", lines("of_any_kind"))
def test_a_sign_of_any_kind_is_seen(text):
    assert scan(text, SIGNS) is not None


@pytest.mark.parametrize("text", lines("disguised"))
def test_a_disguise_does_not_hide_a_sign(text):
    assert scan(text, SIGNS) in {Danger("suicide"), Danger("self_harm")}


@pytest.mark.parametrize("text", lines("about_others"))
def test_worry_about_somebody_else_is_a_sign_too(text):
    found = scan(text, SIGNS)
    assert found
    assert (found.whose, found.denied) == ("other", False)


@pytest.mark.parametrize("text", lines("denied"))
def test_a_denied_sign_has_a_lower_class(text):
    found = scan(text, SIGNS)
    assert found
    assert found.denied


@pytest.mark.parametrize("text", lines("innocent"))
def test_ways_of_speaking_and_answers_about_buses_are_no_sign(text):
    assert scan(text, SIGNS) is None


def test_every_kind_has_sentences_in_both_languages():
    polish = set("ąćęłńóśźż")
    for kind in SENTENCES["own"]:
        texts = [text for of, text in OWN if of == kind]
        assert any(polish & set(text) for text in texts)
        assert any(text.isascii() for text in texts)


def test_an_undenied_sign_outweighs_a_denied_one():
    assert scan("i dont want to die. he hits me", SIGNS) == Danger("abuse")


def test_the_gravest_of_several_signs_is_given():
    assert scan("i need help, he hits me and i want to die", SIGNS) == Danger("suicide")


def test_an_idiom_hides_only_itself():
    assert scan("homework is killing me lol", SIGNS) is None
    assert scan("homework is killing me and my dad hits me", SIGNS) == Danger("abuse")


def test_a_sign_in_the_middle_of_a_long_text_is_seen():
    dull = "more lights at the bus stop. " * 150
    assert scan(f"{dull}i want to die. {dull}", SIGNS) == Danger("suicide")


def test_both_languages_are_looked_for_at_once():
    assert scan("the bus is late. nie chcę już żyć", SIGNS) == Danger("suicide")
    assert SIGNS.languages == {"en", "pl"}


@given(st.text(max_size=400))
def test_no_text_makes_it_stumble(text):
    found = scan(text, SIGNS)
    assert found is None or found.kind in KINDS


@given(st.text(alphabet="kil mysef1!|$@*.,\n\u0336\u200bａ𝐤ﷺ\ud800", max_size=200))
def test_no_disguise_makes_it_stumble(text):
    scan(text, SIGNS)


@given(st.data())
def test_invisible_characters_do_not_hide_a_sign(data):
    kind, text = data.draw(st.sampled_from(OWN))
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=12))
    for place in sorted(places, reverse=True):
        text = text[:place] + data.draw(st.sampled_from(INVISIBLE)) + text[place:]
    assert scan(text, SIGNS) == Danger(kind)


@given(st.sampled_from(OWN), st.data())
def test_capitals_and_missing_accents_do_not_hide_a_sign(sign, data):
    kind, text = sign
    plainer = str.maketrans("ąćęłńóśźż", "acelnoszz")
    text = "".join(data.draw(st.sampled_from((c, c.upper(), c.translate(plainer)))) for c in text)
    assert scan(text, SIGNS) == Danger(kind)


@pytest.mark.parametrize(
    "piece",
    ["a", "a ", "i ", "die ", "my self ", "k i l l ", "k*ll ", "@$1!", "1a!", "iwantto", "he hits me ", "ﷺ"],
)
def test_twice_as_long_a_text_of_anything_takes_no_more_than_twice_the_work(piece):
    half, whole = (piece * 5_000)[:2_500], (piece * 5_000)[:5_000]
    assert _calls_to_scan(whole) < 2.2 * _calls_to_scan(half) + 1_000


def _calls_to_scan(text):
    """How many calls a scan makes: the same on any machine, however busy it is."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        scan(text, SIGNS)
    finally:
        sys.setprofile(None)
    return calls


def test_a_text_is_read_past_its_spelling():
    words = normalise("I’m gonna K!LL mys3lf...", SIGNS.spelling).words
    assert words == ("i", "am", "going", "to", "kill", "my", "self")


def test_a_word_that_hides_another_is_left_alone():
    assert normalise("therapist", SIGNS.spelling).words == ("therapist",)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"signs": {"sadness": "feel sad"}}, "No kind of danger is called signs.sadness"),
        ({"signs": {"abuse": "<nobody> hits me"}}, "No group is called <nobody>"),
        ({"signs": {"abuse": "hits me ~"}}, "may not end in ~"),
        ({"signs": {"abuse": "~"}}, "A phrase needs words"),
        ({"signs": {"abuse": "<number>"}}, "A phrase needs words"),
        ({"signs": {"abuse": "hi* me"}}, "A stem needs 4 letters"),
        ({"signs": "want to die"}, "signs must be a table"),
        ({**A_LIST, "idioms": "lol"} | {"fillers": "lol"}, "read as nothing"),
        ({**A_LIST, "idioms": "dont|not"} | {"readings": {"dont": "do not"}}, "reads as several words"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(broken, why):
    with pytest.raises(ValueError, match=why.replace("*", r"\*")):
        signs_from(broken)


def test_a_list_may_be_small():
    signs = signs_from(A_LIST)
    assert isinstance(signs, Signs)
    assert scan("I want to die", signs) == Danger("suicide")
    assert scan("I want a bus", signs) is None


def test_no_list_finds_nothing():
    assert scan("I want to die", signs_from()) is None


def test_the_languages_named_as_checked_are_those_with_a_word_list():
    assert load_signs().languages == CHECKED_LANGUAGES
