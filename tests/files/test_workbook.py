"""Reading a worker's workbook: its form, or every problem at once."""

from datetime import date, datetime

import pytest

from conversations.consultations.form import Form, Option, Question
from conversations.consultations.workbook import Workbook
from handlers.files.workbook import parse
from tests.files.forms import HEADS, TEXT, form_of, workbook
from tests.files.write_sample import SAMPLE, WORKBOOK, workbook_of

# --- what is read ---------------------------------------------------------------------------------


def test_the_sample_in_the_docs_reads_as_the_sample_in_the_house():
    assert parse(SAMPLE) == Workbook(WORKBOOK)


def test_the_generated_sample_equals_the_workbook_in_the_docs():
    assert parse(workbook_of(WORKBOOK)) == parse(SAMPLE)


def test_a_small_form_is_read_with_everything_in_it():
    form = form_of(
        workbook(
            [
                ["type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "parameters"],
                ["note", "hello", "Five questions about buses."],
                ["select_one yes_no", "bus", "Do you take the bus?", None, "yes"],
                ["begin_group", "riders", None, None, None, "${bus} = 'yes'"],
                ["integer", "times", "How often a week?", "A number", None, "true()", ". <= 14", "That is a lot."],
                ["range", "ease", "How easy?", None, None, None, None, None, "start=0 end=10 step=2"],
                ["end_group"],
                [],
                ["select_multiple wishes", "wish", "What do you wish for?", None, True],
                ["acknowledge", "fine", "We read this in May."],
            ],
            [
                ["list_name", "name", "label"],
                ["yes_no", "yes", "Yes"],
                ["yes_no", "no", "No"],
                ["wishes", 1, "Lights"],
                ["wishes", 2, "Buses"],
                [],
                ["never_used", "a", "A"],
            ],
            [
                ["form_id", "form_title", "about", "decision_maker", "opens", "closes", "reply_by", "themes", "area", "audience", "kind"],
                ["buses", "Buses", "The bus home.", "the councillor", date(2026, 12, 1), datetime.fromisoformat("2026-12-08"), "2026-12-20",
                 "Safe and secure, learning, safe", " North  End", "13–15; 16-17", "Social"],
            ],
        )
    )  # fmt: skip
    assert form == Form(
        code="buses",
        title={"en": "Buses"},
        about={"en": "The bus home."},
        decision_maker={"en": "the councillor"},
        opens=date(2026, 12, 1),
        closes=date(2026, 12, 8),
        reply_by=date(2026, 12, 20),
        themes=("safe", "learning"),
        area="North End",
        audience=("13-15", "16-17"),
        kind="social",
        questions=(
            Question("hello", "note", {"en": "Five questions about buses."}),
            Question(
                "bus",
                "select_one",
                {"en": "Do you take the bus?"},
                required=True,
                options=(Option("yes", {"en": "Yes"}), Option("no", {"en": "No"})),
            ),
            Question(
                "times",
                "integer",
                {"en": "How often a week?"},
                hint={"en": "A number"},
                relevant=("${bus} = 'yes'", "true()"),
                constraint=". <= 14",
                constraint_message={"en": "That is a lot."},
            ),
            Question(
                "ease", "range", {"en": "How easy?"}, relevant=("${bus} = 'yes'",), start=0, end=10, step=2
            ),
            Question(
                "wish",
                "select_multiple",
                {"en": "What do you wish for?"},
                required=True,
                options=(Option("1", {"en": "Lights"}), Option("2", {"en": "Buses"})),
            ),
            Question("fine", "acknowledge", {"en": "We read this in May."}),
        ),
    )


def test_languages_and_reading_versions_differ_by_their_codes():
    form = form_of(
        workbook(
            [
                [
                    "type",
                    "name",
                    "label::English (en)",
                    "label::Polski (pl)",
                    "label::Easy English (en-easy)",
                ],
                ["text", "a", "How are you?", "Jak się masz?", "Are you well?"],
                ["text", "b", "And your friends?", "A koledzy?"],
            ],
            settings=[
                ["form_id", "form_title", "title::Polski (pl)", "default_language"],
                ["x", "How are you", "Jak się masz", "English (en)"],
            ],
        )
    )
    assert form.title == {"en": "How are you", "pl": "Jak się masz"}
    assert form.questions[0].label == {
        "en": "How are you?",
        "pl": "Jak się masz?",
        "en-easy": "Are you well?",
    }
    assert form.questions[1].label == {"en": "And your friends?", "pl": "A koledzy?"}


@pytest.mark.parametrize("written", ["Polski (pl)", "pl", "Polski", "polski"])
def test_the_default_language_may_be_written_in_several_ways(written):
    survey = [["type", "name", "label::Polski (pl)"], ["text", "a", "Co?"]]
    settings = [["form_id", "title::Polski (pl)", "default_language"], ["x", "Tytuł", written]]
    assert form_of(workbook(survey, settings=settings)).default_language == "pl"


def test_a_form_in_one_language_that_is_not_english_needs_no_setting_for_it():
    survey = [["type", "name", "label::Polski (pl)"], ["text", "a", "Co?"]]
    form = form_of(workbook(survey, settings=[["form_id", "form_title"], ["x", "Tytuł"]]))
    assert form.default_language == "pl"
    assert form.title == {"pl": "Tytuł"}


def test_the_words_of_a_group_are_said_before_its_questions():
    survey = [HEADS, ["begin group", "home", "Now about home."], TEXT, ["end group"]]
    first, second = form_of(workbook(survey)).questions
    assert (first.name, first.kind, first.label) == ("home", "note", {"en": "Now about home."})
    assert second.name == "better"


def test_metadata_that_a_phone_would_collect_is_left_out():
    survey = [
        HEADS,
        ["start", "start"],
        ["end", "end"],
        ["today", "today"],
        ["deviceid", "device"],
        ["audit", "audit"],
        TEXT,
    ]
    assert [question.name for question in form_of(workbook(survey)).questions] == ["better"]


def test_a_form_as_kobo_exports_it_is_read():
    form = form_of(
        workbook(
            [
                ["type", "name", "label::English (en)", "hint::English (en)", "required", "relevant", "appearance", "required_message::English (en)",
                 "$xpath", "kobo--locking-profile", "media::image::English (en)"],
                ["start", "start"],
                ["end", "end"],
                ["select_one ub4fs09", "_1_Do_you_go", "Do you go to a club?", None, "true", None, "minimal", "Sorry", "_1_Do_you_go"],
                ["text", "_2_Which", "Which club?", None, "false", "${_1_Do_you_go} = 'yes'", "multiline"],
                ["select_multiple cw2xg45", "_3_Days", "Which days?", None, "false", "selected(${_1_Do_you_go}, 'yes')", "w1"],
            ],
            [
                ["list_name", "name", "label::English (en)", "$autovalue"],
                ["ub4fs09", "yes", "Yes", "yes"],
                ["ub4fs09", "no", "No", "no"],
                ["cw2xg45", "mon", "Monday", "mon"],
            ],
            [["form_title", "form_id", "version", "style", "default_language"], ["Clubs", "aBcD3fGh", "3 (2026-11-02)", "theme-grid", "English (en)"]],
        )
    )  # fmt: skip
    assert [question.name for question in form.questions] == ["_1_Do_you_go", "_2_Which", "_3_Days"]
    assert form.questions[0].required
    assert not form.questions[1].required
