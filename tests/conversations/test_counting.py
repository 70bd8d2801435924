"""Results: counted by question, and put into words."""

from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from conversations.consultations.form import Form, Option, Question
from conversations.core.i18n import Words
from conversations.results.counting import QuestionResult, Tally, result_sentences, to_results

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
PL = Words("pl", "normal", NullTranslations(), ZoneInfo("Europe/London"))
SAFE = tuple(
    Option(name, {"en": label, "pl": polish})
    for name, label, polish in (
        ("safe", "Safe 😀", "Bezpiecznie 😀"),
        ("mostly", "Mostly safe 🙂", "Raczej bezpiecznie 🙂"),
        ("notvery", "Not very safe 😕", "Niezbyt bezpiecznie 😕"),
        ("not", "Not safe 😟", "Niebezpiecznie 😟"),
    )
)
BUSES = Form(
    code="buses",
    title={"en": "Buses after school", "pl": "Autobusy po szkole"},
    questions=(
        Question("hello", "note", {"en": "Hello"}),
        Question(
            "safe",
            "select_one",
            {"en": "How safe do you feel?", "pl": "Czy czujesz się bezpiecznie?"},
            options=SAFE,
        ),
        Question("why", "text", {"en": "What would make it better?"}, relevant=("${safe} = 'not'",)),
        Question("where", "select_multiple", {"en": "Where?"}, options=SAFE[:3]),
        Question("often", "range", {"en": "How often?"}, start=0, end=4),
        Question("buses", "integer", {"en": "How many buses?"}),
        Question("ok", "acknowledge", {"en": "We may quote you"}),
    ),
)
SAFETY = {"safe": 0, "mostly": 2, "notvery": 14, "not": 6}


def tally(question: str, counts: dict[str, int], answered: int | None = None, people: int = 22) -> Tally:
    answered = sum(counts.values()) if answered is None else answered
    return Tally(question, answered, counts, people - answered)


def buses(*tallies: Tally, people: int = 22, words: Words = EN) -> dict[str, QuestionResult]:
    return {q.name: q for q in to_results(BUSES, tallies, people=people, words=words).questions}


def said(result: QuestionResult) -> str:
    return "\n".join(result_sentences(result, EN))


def test_numbers_are_written_as_people_see_them():
    words = said(buses(tally("safe", SAFETY))["safe"])
    assert "14 of 22 people said Not very safe." in words
    assert "Nobody said Safe." in words
    assert "%" not in words


def test_a_note_has_no_results_and_a_question_without_a_tally_was_answered_by_nobody():
    results = buses()
    assert "hello" not in results
    assert said(results["safe"]) == "Nobody has answered this one."


def test_the_base_is_those_who_answered_and_the_others_are_counted_separately():
    words = said(buses(tally("safe", {"notvery": 14, "not": 5}))["safe"])
    assert "14 of 19 people said Not very safe." in words
    assert words.endswith("3 people did not answer.")


def test_people_who_were_not_asked_do_not_count_as_skipped():
    assert said(buses(Tally("why", 8, {}, 14))["why"]) == (
        "8 people wrote something.\n14 people were not asked, or did not answer."
    )


def test_several_choices_may_add_up_to_more_than_everybody():
    words = said(buses(tally("where", {"safe": 20, "mostly": 15}, answered=22))["where"])
    assert words.splitlines()[:3] == [
        "People could choose more than one.",
        "20 of 22 people said Safe.",
        "15 of 22 people said Mostly safe.",
    ]


def test_a_range_has_its_whole_scale_an_average_and_its_ends():
    result = buses(tally("often", {"1": 10, "4": 12}))["often"]
    assert [cell.count for cell in result.cells] == [0, 10, 0, 0, 12]
    assert (result.mean, result.lowest, result.highest) == (2.6, 1, 4)
    assert "The average is 2.6." in said(result)


def test_an_average_is_written_as_the_language_writes_it():
    result = buses(tally("often", {"1": 10, "4": 12}))["often"]
    assert "The average is 2,6." in result_sentences(result, PL)


def test_numbers_are_sorted_numerically_not_alphabetically():
    result = buses(tally("buses", {"10": 3, "9": 4, "-1": 2}))["buses"]
    assert [cell.name for cell in result.cells] == ["-1", "9", "10"]


def test_a_hundred_different_numbers_are_shown_as_their_average():
    result = buses(tally("buses", {str(n): 1 for n in range(22)}))["buses"]
    assert said(result) == "22 people answered.\nThe average is 10.5.\nThe lowest is 0, the highest is 21."


def test_an_agreement_counts_against_everybody_who_took_part():
    assert said(buses(Tally("ok", 20, {}, 2))["ok"]) == "20 of 22 people said OK."


def test_labels_come_in_the_reader_s_language_without_their_emoji():
    result = buses(tally("safe", SAFETY), words=PL)["safe"]
    assert result.label == "Czy czujesz się bezpiecznie?"
    assert result.cells[0].label == "Bezpiecznie"


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("Good 👍🏽", "Good"),
        ("Family 👨‍👩‍👧 time", "Family time"),
        ("🇵🇱 Polski", "Polski"),
        ("Love ❤️", "Love"),
        ("1️⃣ First", "First"),
        ("Room 12 #3 * 50 €", "Room 12 #3 * 50 €"),
        ("Brand™ ©", "Brand™ ©"),
        ("😀", "only"),
    ],
)
def test_an_emoji_is_removed_with_all_its_parts_and_plain_characters_stay(label, plain):
    form = Form(
        "f",
        {"en": "F"},
        (Question("q", "select_one", {"en": "Q"}, options=(Option("only", {"en": label}),)),),
    )
    assert to_results(form, [], people=0, words=EN).questions[0].cells[0].label == plain


@pytest.mark.parametrize(
    "wrong",
    [
        Tally("safe", 20, SAFETY, 2),  # counts sum to 22
        Tally("safe", 22, SAFETY, 1),  # more than took part
        Tally("safe", 22, {"safe": 21, "nowhere": 1}, 0),  # not an option
        Tally("where", 5, {"safe": 6}, 17),  # more choices than people
    ],
)
def test_counts_that_contradict_each_other_are_refused(wrong):
    with pytest.raises(ValueError, match=wrong.question):
        buses(wrong)
