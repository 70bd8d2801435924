"""A person's own answers, under the parts that answer them: never one with a sign of danger."""

import pytest

from bot.config.word_lists import load_guard
from conversations.consultations.sample import BUSES
from conversations.core.record import replace
from conversations.outcomes.outcome import About, Outcome, Part, Subject
from conversations.outcomes.own_answers import own_answers, sample_answers
from conversations.outcomes.wording import OwnWords
from tests.sample_forms import KINDS

NOTHING = OwnWords()
IS_ALARMING = load_guard().is_alarming
GIVEN = {"safe": "not_very", "better": "more lights at the stop", "help": ("lights", "times"), "easy": 2}


def outcome(*questions, form=BUSES):
    about = About(Subject("consultation", 1), form.title, form=form)
    return Outcome(1, about, parts=tuple(Part(question=question) for question in questions))


@pytest.fixture
def words(house):
    return house.runtime.library.words("en", "normal")


def test_each_part_has_the_answer_to_its_own_question(words):
    own = own_answers(outcome("better", "safe", ""), GIVEN, words, IS_ALARMING)
    assert own == (OwnWords(wrote="more lights at the stop"), OwnWords("Not very safe"), NOTHING)


def test_if_no_part_names_a_question_the_first_part_shows_the_first_choice_and_text(words):
    own = own_answers(outcome("", "gone-from-the-form"), GIVEN, words, IS_ALARMING)
    assert own == (OwnWords("Not very safe", "more lights at the stop"), NOTHING)


def test_a_skipped_question_shows_nothing(words):
    assert own_answers(outcome("better", "safe"), {"safe": "not_very"}, words, IS_ALARMING)[0] == NOTHING
    assert own_answers(outcome("better"), {"safe": "not_very"}, words, IS_ALARMING) == (NOTHING,)


def test_people_who_did_not_contribute_see_no_answer_of_their_own(words):
    assert own_answers(outcome("better"), {}, words, IS_ALARMING) == ()


@pytest.mark.parametrize(
    ("question", "given", "shown"),
    [
        ("help", {"help": ("lights", "times")}, "Lights at the stop, Live bus times"),
        ("easy", {"easy": 2}, "2"),
    ],
)
def test_several_choices_and_numbers_are_repeated_as_they_were_chosen(words, question, given, shown):
    assert own_answers(outcome(question), given, words, IS_ALARMING) == (OwnWords(shown),)


@pytest.mark.parametrize("question", ["better", ""])
def test_words_with_a_sign_of_danger_are_quoted_nowhere(words, question):
    said = {**GIVEN, "better": "more lights. i want to kill myself"}
    (own,) = own_answers(outcome(question), said, words, IS_ALARMING)
    assert own.wrote == ""


def test_it_is_sent_in_the_language_of_the_outcome(house):
    polish = house.runtime.library.words("pl", "normal")
    (own,) = own_answers(outcome("safe"), GIVEN, polish, IS_ALARMING)
    assert own.chose == "Raczej nie"


def test_a_sample_says_that_it_is_one(words):
    shown = sample_answers(outcome("better", "safe", "easy"), words)
    assert shown[0].wrote == "their own words, as a sample"
    assert shown[1].chose == "Safe, as a sample"
    assert all("sample" in own.chose + own.wrote for own in shown)


def test_an_answer_to_an_issue_has_no_form(words):
    raised = replace(outcome(""), about=About(Subject("issue", 1), {"en": "The park"}))
    assert own_answers(raised, GIVEN, words, IS_ALARMING) == ()
    assert sample_answers(raised, words) == ()


def test_notes_and_acknowledgements_are_nothing_to_answer(words):
    own = own_answers(outcome("hello", form=KINDS), {"ready": True, "visit": "weekly"}, words, IS_ALARMING)
    assert own == (OwnWords("Once or more every week"),)
