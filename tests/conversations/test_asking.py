"""The rules of asking: what matters now, what comes next, and what counts as an answer."""

from datetime import date
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.consultations.answer_parser import parse_places, parse_text
from conversations.consultations.form import Form, Option, Question
from conversations.consultations.form_text import FormWords
from conversations.consultations.kinds.kind import Unfit
from conversations.consultations.kinds.options import labels_fit
from conversations.consultations.kinds.registry import kind_of
from conversations.consultations.sample import BUSES
from conversations.consultations.skip_logic import (
    counting_answers,
    how_many,
    ignored_answers,
    minutes,
    next_open,
    progress,
    question_before,
    relevant_questions,
)
from conversations.core.i18n import Words
from conversations.core.record import replace

TODAY = date(2026, 11, 22)


def question(name="q", kind="text", **more):
    return Question(name, kind, {"en": f"{name}?"}, **more)


def in_version(language, version):
    return Words(language, version, NullTranslations(), ZoneInfo("Europe/London"))


def in_language(asked, language):
    return FormWords(Form("f", {}, (asked,)), in_version(language, "normal"), language)


def options(*labels):
    return tuple(Option(f"o{n}", {"en": label}) for n, label in enumerate(labels, start=1))


# A note, a question, two that depend on it in a chain, and a last one for everybody.
CHAIN = Form(
    code="chain",
    title={"en": "Chain"},
    questions=(
        question("hello", "note"),
        question("bus", "select_one", options=options("Yes", "No")),
        question("often", "integer", relevant=("${bus} = 'o1'",)),
        question("why", relevant=("${often} > 3",)),
        question("last"),
    ),
)


def names(found):
    return [each.name for each in found]


# --- what matters now -----------------------------------------------------------------------------


def test_a_question_matters_when_its_conditions_hold():
    assert names(relevant_questions(CHAIN, {}, TODAY)) == ["hello", "bus", "last"]
    assert names(relevant_questions(CHAIN, {"bus": "o1"}, TODAY)) == ["hello", "bus", "often", "last"]
    assert names(relevant_questions(CHAIN, {"bus": "o1", "often": 5}, TODAY)) == [
        "hello",
        "bus",
        "often",
        "why",
        "last",
    ]


def test_all_conditions_around_a_question_must_hold():
    form = replace(
        CHAIN, questions=(question("a", relevant=("true()", "false()")), question("b", relevant=("true()",)))
    )
    assert names(relevant_questions(form, {}, TODAY)) == ["b"]


def test_one_changed_answer_hides_a_whole_chain():
    answers = {"bus": "o2", "often": 5, "why": "it rains", "last": "bye"}
    assert names(relevant_questions(CHAIN, answers, TODAY)) == ["hello", "bus", "last"]
    assert counting_answers(CHAIN, answers, TODAY) == {"bus": "o2", "last": "bye"}
    assert ignored_answers(CHAIN, answers, TODAY) == {"often", "why"}


def test_an_ignored_answer_counts_again_when_the_change_is_undone():
    answers = {"bus": "o1", "often": 5, "why": "it rains"}
    assert ignored_answers(CHAIN, answers, TODAY) == frozenset()


def test_conditions_see_the_day():
    form = replace(CHAIN, questions=(question("a", relevant=("today() < '2026-12-01'",)),))
    assert names(relevant_questions(form, {}, date(2026, 11, 30))) == ["a"]
    assert names(relevant_questions(form, {}, date(2026, 12, 1))) == []


# --- where one is ---------------------------------------------------------------------------------


def test_the_next_open_question_is_the_first_without_an_answer():
    assert next_open(CHAIN, {}, (), TODAY).name == "hello"
    assert next_open(CHAIN, {}, ("hello",), TODAY).name == "bus"
    assert next_open(CHAIN, {"last": "x"}, ("hello",), TODAY).name == "bus"
    assert next_open(CHAIN, {"bus": "o1"}, ("hello", "often"), TODAY).name == "last"
    assert next_open(CHAIN, {"bus": "o2", "last": "x"}, ("hello",), TODAY) is None


def test_back_skips_irrelevant_questions():
    answers = {"bus": "o2"}
    assert question_before(CHAIN, answers, "last", TODAY).name == "bus"
    assert question_before(CHAIN, answers, "bus", TODAY).name == "hello"
    assert question_before(CHAIN, answers, "hello", TODAY) is None


def test_back_works_from_a_question_that_stopped_mattering():
    assert question_before(CHAIN, {"bus": "o2"}, "why", TODAY).name == "bus"


def test_the_place_counts_questions_and_not_notes():
    assert progress(CHAIN, {}, "hello", TODAY) is None
    assert progress(CHAIN, {}, "bus", TODAY) == (1, 2)
    assert progress(CHAIN, {"bus": "o1"}, "often", TODAY) == (2, 3)
    assert progress(CHAIN, {"bus": "o2"}, "often", TODAY) is None


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "bus": st.sampled_from(["o1", "o2"]),
            "often": st.integers(0, 9),
            "why": st.just("x"),
            "last": st.just("x"),
        },
    )
)
def test_back_leads_along_the_same_way(answers):
    walked = list(names(relevant_questions(CHAIN, answers, TODAY)))
    while (found := question_before(CHAIN, answers, walked[-1], TODAY)) is not None:
        walked.pop()
        assert found.name == walked[-1]
    assert len(walked) == 1


def test_the_sample_is_five_questions_and_three_minutes():
    assert (how_many(BUSES), minutes(BUSES)) == (5, 3)
    assert progress(BUSES, {}, "safe", TODAY) == (1, 5)
    assert progress(BUSES, {"safe": "safe"}, "when", TODAY) == (4, 4)


# --- buttons --------------------------------------------------------------------------------------


def test_labels_of_twenty_characters_fit_and_longer_ones_do_not():
    assert labels_fit(["x" * 20])
    assert not labels_fit(["short", "x" * 21])


def test_an_emoji_made_of_several_signs_counts_once():
    assert labels_fit(["x" * 19 + "👨‍👩‍👧‍👦"])


def test_labels_are_measured_in_the_language_that_is_shown():
    asked = question(kind="select_one", options=(Option("a", {"en": "Yes", "pl": "x" * 21}),))
    assert kind_of(asked).option_lines(asked, in_language(asked, "en")) == ()
    assert kind_of(asked).option_lines(asked, in_language(asked, "pl")) == (f"1. {'x' * 21}",)


def test_every_label_of_the_sample_fits_in_every_language():
    for language in ("en", "pl", "ar"):
        for version in ("normal", "young", "easy"):
            said = FormWords(BUSES, in_version(language, version), language)
            assert all(labels_fit(said.labels(each)) for each in BUSES.questions)


# --- typed ----------------------------------------------------------------------------------------

SAFE = question(kind="select_one", options=options("Safe 😀", "Mostly safe 🙂", "Not safe 😟"))
PICK = question(kind="select_multiple", options=options("Lights", "Live times", "Staff, at night"))
RANGE = question(kind="range", start=1, end=5)
STEPS = question(kind="range", start=0, end=10, step=5)


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        (question(), "  more lights \n", "more lights"),
        (question(kind="integer"), " 17 ", 17),
        (question(kind="integer"), "-3", -3),
        (question(kind="integer"), "٣", 3),
        (question(kind="integer"), "4.", 4),
        (RANGE, "5", 5),
        (STEPS, "10", 10),
        (SAFE, "safe", "o1"),
        (SAFE, "Safe 😀", "o1"),
        (SAFE, "NOT SAFE!", "o3"),
        (SAFE, "2", "o2"),
        (SAFE, " 2. ", "o2"),
        (PICK, "1, 3", ("o1", "o3")),
        (PICK, "3,1", ("o1", "o3")),
        (PICK, "1 and 3", ("o1", "o3")),
        (PICK, "1 i 3", ("o1", "o3")),
        (PICK, "1 3 3", ("o1", "o3")),
        (PICK, "lights, live times", ("o1", "o2")),
        (PICK, "lights; 2", ("o1", "o2")),
        (PICK, "Staff, at night", ("o3",)),
        (PICK, "١، ٣", ("o1", "o3")),
        (question(kind="acknowledge"), "OK!", True),
        (question(kind="acknowledge"), "👍", True),
    ],
)
def test_typed_text_becomes_an_answer(asked, text, value):
    assert parse_text(asked, text, {}, TODAY) == value


def test_a_label_in_any_language_of_the_form_is_understood():
    asked = question(
        kind="select_one", options=(Option("yes", {"en": "Yes", "pl": "Tak"}), Option("no", {"en": "No"}))
    )
    assert parse_text(asked, "tak", {}, TODAY) == "yes"


def test_a_number_that_is_a_label_is_the_label():
    asked = question(kind="select_one", options=options("2", "1"))
    assert parse_text(asked, "1", {}, TODAY) == "o2"


def test_two_labels_that_sound_the_same_are_distinguished_by_number_only():
    asked = question(kind="select_one", options=options("Yes 😀", "Yes 🙂"))
    assert isinstance(parse_text(asked, "yes", {}, TODAY), Unfit)
    assert parse_text(asked, "2", {}, TODAY) == "o2"


@pytest.mark.parametrize(
    ("asked", "text", "words"),
    [
        (question(), "  ", "I need a few words here."),
        (question(), "x" * 4001, "That's longer than I can keep. Can you say it in 4000 letters?"),
        (question(kind="integer"), "lots", "I need a whole number here, like 3."),
        (question(kind="integer"), "3.5", "I need a whole number here, like 3."),
        (question(kind="integer"), "1000000000", "That number is too big for me."),
        (question(kind="integer"), "9" * 5000, "I need a whole number here, like 3."),
        (RANGE, "6", "Choose a number from 1 to 5."),
        (RANGE, "good", "Choose a number from 1 to 5."),
        (STEPS, "7", "Choose one of these: 0, 5, 10."),
        (SAFE, "fine", "I can't find that choice. Tap one, or write what stands on it."),
        (SAFE, "4", "I can't find that choice. Tap one, or write what stands on it."),
        (SAFE, "0", "I can't find that choice. Tap one, or write what stands on it."),
        (SAFE, "1, 2", "Choose just one."),
        (SAFE, "", "I can't find that choice. Tap one, or write what stands on it."),
        (
            PICK,
            "1, 9",
            "I can't find those choices. Tap them, or write what stands on them, with commas between.",
        ),
        (
            PICK,
            "lights, cake",
            "I can't find those choices. Tap them, or write what stands on them, with commas between.",
        ),
        (question(kind="acknowledge"), "what?", "Tap the button when you're ready to go on."),
        (question(kind="note"), "hello", "There's nothing to answer here. Go on when you're ready."),
    ],
)
def test_an_invalid_answer_gets_a_kind_reply(asked, text, words):
    unfit = parse_text(asked, text, {}, TODAY)
    assert isinstance(unfit, Unfit)
    assert unfit.words.format(**unfit.values) == words


# --- tapped ---------------------------------------------------------------------------------------


def test_a_tap_is_the_index_of_an_option():
    assert parse_places(SAFE, [1], {}, TODAY) == "o2"
    assert parse_places(PICK, [2, 0], {}, TODAY) == ("o1", "o3")
    assert parse_places(question(kind="acknowledge"), [0], {}, TODAY) is True
    assert [parse_places(STEPS, [n], {}, TODAY) for n in range(3)] == [0, 5, 10]


def test_done_with_nothing_chosen_is_not_an_answer():
    assert parse_places(PICK, [], {}, TODAY) == Unfit("Choose at least one.")


@pytest.mark.parametrize("asked", [SAFE, PICK, RANGE, question()])
def test_a_button_that_there_is_not_is_refused(asked):
    with pytest.raises(IndexError):
        parse_places(asked, [7], {}, TODAY)


# --- the form's own rules -------------------------------------------------------------------------


def test_a_constraint_is_enforced_with_its_own_message():
    asked = question(
        kind="integer",
        constraint=". >= 11 and . <= 25",
        constraint_message={"en": "From 11 to 25.", "pl": "Od 11 do 25."},
    )
    assert parse_text(asked, "17", {}, TODAY) == 17
    unfit = parse_text(asked, "9", {}, TODAY)
    assert unfit.own == {"en": "From 11 to 25.", "pl": "Od 11 do 25."}
    assert unfit.words == "That doesn't fit here. Can you say it another way?"


def test_an_answer_is_kept_if_the_constraint_takes_too_long_to_tell():
    asked = question(constraint="regex(., '(-|--)+x')")
    assert parse_text(asked, "-" * 60 + "!", {}, TODAY) == "-" * 60 + "!"


def test_a_constraint_holds_for_taps_and_sees_other_answers():
    asked = replace(PICK, constraint="count-selected(.) <= ${most}")
    assert parse_places(asked, [0, 1], {"most": 2}, TODAY) == ("o1", "o2")
    assert isinstance(parse_places(asked, [0, 1, 2], {"most": 2}, TODAY), Unfit)


def test_a_pattern_is_kept():
    asked = question(constraint="regex(., '[A-Z]{2}[0-9]+')")
    assert parse_text(asked, "AB12", {}, TODAY) == "AB12"
    assert isinstance(parse_text(asked, "ab", {}, TODAY), Unfit)


@given(
    asked=st.sampled_from(
        [
            question(),
            question(kind="integer"),
            RANGE,
            STEPS,
            SAFE,
            PICK,
            question(kind="acknowledge"),
            question(kind="note"),
        ]
    ),
    text=st.text(max_size=40) | st.text("0123456789, ;.andi١٣", max_size=40),
)
def test_whatever_is_typed_is_an_answer_or_a_kind_reason(asked, text):
    value = parse_text(asked, text, {}, TODAY)
    if asked.kind == "select_multiple" and isinstance(value, tuple):
        assert value
    if not isinstance(value, Unfit):
        assert (
            type(value)
            is {
                "text": str,
                "integer": int,
                "range": int,
                "select_one": str,
                "select_multiple": tuple,
                "acknowledge": bool,
            }[asked.kind]
        )
