"""What a workbook must not or cannot hold: every problem at once, each with helpful words."""

import io
import re
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.consultations.kinds.registry import KINDS
from conversations.core.pagination import LABEL_MOST
from conversations.core.person import BANDS
from conversations.core.themes import THEMES
from handlers.files.workbook import parse
from handlers.files.xlsform import limits
from handlers.files.xlsform.columns import READ
from tests.files.forms import HEADS, TEXT, form_of, places, problems, said, workbook
from tests.files.write_sample import SAMPLE

FUNCTIONS_TOLD = ("selected", "count-selected", "regex", "today", "date", "if", "not", "string-length")
CELLS = [
    "text", "note", "integer", "range", "select_one yes_no", "select_multiple yes_no", "begin_group", "end_group",
    "begin_repeat", "end_repeat", "acknowledge", "start", "a", "b", "${a} = 'x'", "${b}", "selected(${a}, 'yes')",
    "regex(., '[a-z]+')", "yes", "start=1 end=5", "=1+1",
]  # fmt: skip


# --- what is not: every problem at once -----------------------------------------------------------


def test_every_problem_is_named_at_once_with_sheet_row_and_column():
    found = parse(
        workbook(
            [
                ["type", "name", "label", "relevant", "constraint", "required", "calculation", "parameters"],
                ["geopoint", "where", "Where?"],
                ["decimal", "much", "How much?"],
                ["select_one", "a", "A?"],
                ["select_one nowhere", "b", "B?"],
                ["select_one some or_other", "c", "C?"],
                ["text", "1st", "D?"],
                ["text", "e e", "E?"],
                ["text", None, "F?"],
                ["text", "c", "G?"],
                ["text", "h", None],
                ["text", "i", "I?" * 200],
                ["text", "j", "J?", "${nobody} = 1"],
                ["text", "k", "K?", "${c} = "],
                ["text", "l", "L?", None, "regex(., '(a|aa)+')"],
                ["text", "m", "M?", None, None, "sometimes"],
                ["text", "n", "N?", None, None, None, "1 + 1"],
                ["range", "o", "O?", None, None, None, None, "start=5 end=1"],
                ["text", "p", "Hello ${c}"],
                [None, "q", "Q?"],
                ["end_group"],
                ["begin_group", "r"],
                ["begin_repeat", "s"],
                ["end_repeat"],
            ],
            [
                ["list_name", "name", "label", "image"],
                ["some", "yes", "Yes", "yes.png"],
                ["some", "yes", "Yes again"],
                ["some", "not sure", "Not sure"],
                ["some", "no", None],
                [None, "lost", "Lost"],
                ["unused", "a b", None],
            ],
            [
                [
                    "form_id",
                    "form_title",
                    "opens",
                    "closes",
                    "reply_by",
                    "themes",
                    "area",
                    "audience",
                    "kind",
                ],
                ["my form", None, "2026-12-10", "2026-12-01", "soon", "money", "x" * 41, "adults", "secret"],
                ["and", "more"],
            ],
        )
    )
    assert found.form is None
    rows = [problem.row for problem in found.problems if problem.sheet == "survey"]
    assert rows == sorted(rows), "in the order of the sheet"
    assert set(places(found.problems)) == {
        "survey 2 type", "survey 3 type", "survey 4 type", "survey 5 type", "survey 6 type", "survey 7 name",
        "survey 8 name", "survey 9 name", "survey 10 name", "survey 11 label", "survey 12 label",
        "survey 13 relevant", "survey 14 relevant", "survey 15 constraint", "survey 16 required",
        "survey 17 calculation", "survey 18 parameters", "survey 19 label", "survey 20 type", "survey 21 type",
        "survey 22 type", "survey 23 type",
        "choices 2 image", "choices 3 name", "choices 4 name", "choices 5 label", "choices 6 list_name",
        "settings 2 form_id", "settings 2 form_title", "settings 2 closes", "settings 2 reply_by",
        "settings 2 themes", "settings 2 area", "settings 2 audience", "settings 2 kind", "settings 3",
    }  # fmt: skip


def test_planned_types_are_reported_differently_from_unsupported_ones():
    rows = [
        [kind, f"q{n}", "?"]
        for n, kind in enumerate(("decimal", "date", "rank x", "image", "geopoint", "hologram"))
    ]
    found = [problem for problem in problems(workbook([HEADS, *rows])) if " type: " in problem]
    assert ["not here yet" in problem for problem in found] == [True, True, True, True, False, False]


def test_questions_that_wait_for_each_other_are_a_circle():
    survey = [
        [*HEADS, "relevant"],
        ["text", "a", "A?", "${c} = 'x'"],
        ["text", "b", "B?", "${a} = 'x'"],
        ["text", "c", "C?", "${b} = 'x'"],
    ]
    found = problems(workbook(survey))
    assert found == [
        'survey 2 relevant: This condition and "c" wait for each other. Let one of them stand alone.'
    ]


def test_a_question_that_waits_for_itself_is_a_circle():
    assert (
        "wait for each other"
        in problems(workbook([[*HEADS, "relevant"], ["text", "a", "A?", "${a} = 'x'"]]))[0]
    )


def test_a_group_that_waits_for_its_own_question_is_a_circle():
    survey = [
        [*HEADS, "relevant"],
        ["begin_group", "g", None, "${a} = 'x'"],
        ["text", "a", "A?"],
        ["end_group"],
    ]
    assert problems(workbook(survey)) == [
        'survey 2 relevant: This condition and "a" wait for each other. Let one of them stand alone.'
    ]


def test_a_condition_that_looks_ahead_is_named():
    survey = [[*HEADS, "relevant"], ["text", "a", "A?", "${b} = 'x'"], ["text", "b", "B?"]]
    assert problems(workbook(survey)) == [
        'survey 2 relevant: This condition looks at "b", which is asked later. Move that question up.'
    ]


def test_a_constraint_may_look_at_its_own_answer_by_name():
    survey = [[*HEADS, "constraint"], ["integer", "a", "A?", "${a} < 3 and . > 0"]]
    assert form_of(workbook(survey)).questions[0].constraint == "${a} < 3 and . > 0"


def test_a_condition_on_an_unread_column_is_reported_once():
    survey = [[*HEADS, "relevant"], ["decimal", "much", "How much?"], ["text", "a", "A?", "${much} > 2"]]
    assert places(parse(workbook(survey)).problems) == ["survey 2 type"]


def test_gaps_of_a_language_are_named_by_cell():
    survey = [
        ["type", "name", "label::English (en)", "label::Polski (pl)", "hint::English (en)"],
        ["text", "a", "A?", "A?", "Help"],
        ["text", "b", "B?", None],
    ]
    settings = [["form_id", "form_title"], ["x", "Title"]]
    assert places(parse(workbook(survey, settings=settings)).problems) == [
        "survey 1 hint::Polski (pl)",
        "survey 3 label::Polski (pl)",
        "settings 1 title::Polski (pl)",
    ]


@pytest.mark.parametrize(
    "head", ["label::Polski", "label::Polski (polski)", "label::Shouting English (en-loud)"]
)
def test_a_language_without_a_code_that_we_know_is_named(head):
    survey = [["type", "name", "label", head], ["text", "a", "A?", "A?"]]
    assert places(parse(workbook(survey)).problems) == [f"survey 1 {head}"]


def test_a_reading_version_of_a_language_that_is_not_there_is_named():
    survey = [["type", "name", "label", "label::Łatwy (pl-easy)"], ["text", "a", "A?", "A?"]]
    assert places(parse(workbook(survey)).problems) == ["survey 1 label::Łatwy (pl-easy)"]


def test_a_misspelt_column_is_not_passed_over():
    survey = [[*HEADS, "relevent", "notes to self"], [*TEXT, "true()", "ask Sam"]]
    assert problems(workbook(survey)) == [
        'survey 1 relevent: Did you mean "relevant"? Write that, or take this column out.'
    ]


def test_two_columns_for_the_same_words_are_named():
    survey = [["type", "name", "label", "label::English (en)"], ["text", "a", "A?", "B?"]]
    assert places(parse(workbook(survey)).problems) == ["survey 1 label::English (en)"]


def test_a_formula_and_a_mistake_of_the_spreadsheet_are_named():
    survey = [
        HEADS,
        ["text", "a", "=CONCATENATE(B2, 1)"],
        ["text", "b", "#REF!"],
        ["text", "c", "'=not a formula"],
    ]
    found = parse(workbook(survey)).problems
    assert places(found)[:2] == ["survey 2 label", "survey 3 label"]
    assert "formula" in said(found[0])


def test_a_missing_sheet_is_named():
    assert places(parse(workbook(None)).problems) == ["survey 0"]
    assert places(parse(workbook([HEADS, TEXT], settings=None)).problems) == ["settings 0"]


def test_an_empty_survey_is_named():
    assert places(parse(workbook([HEADS])).problems) == ["survey 0"]
    assert places(parse(workbook([])).problems) == ["survey 0"]


def test_sheets_that_change_questions_are_reported_and_others_are_not():
    found = parse(workbook([HEADS, TEXT], entities=[["list_name"]], Notes=[["Ask Sam"]]))
    assert places(found.problems) == ["entities 0"]


def test_a_column_that_says_no_does_no_harm_and_a_default_of_no_does():
    survey = [[*HEADS, "read_only", "disabled", "default"], [*TEXT, "no", "FALSE", None]]
    assert form_of(workbook(survey)).questions[0].name == "better"
    survey = [[*HEADS, "read_only", "disabled", "default"], [*TEXT, "yes", None, "no"]]
    assert places(parse(workbook(survey)).problems) == ["survey 2 read_only", "survey 2 default"]


def test_an_emoji_alone_is_no_label():
    choices = [["list_name", "name", "label"], ["mood", "good", "😀"], ["mood", "bad", "Bad 😟"]]
    found = parse(workbook([HEADS, ["select_one mood", "a", "A?"]], choices))
    assert places(found.problems) == ["choices 2 label"]


def test_a_form_title_in_another_language_is_a_title():
    survey = [["type", "name", "label", "label::Polski (pl)"], ["text", "a", "A?", "Co?"]]
    settings = [["form_id", "form_title", "form_title::Polski (pl)"], ["x", "Buses", "Autobusy"]]
    assert form_of(workbook(survey, settings=settings)).title == {"en": "Buses", "pl": "Autobusy"}


def test_the_how_to_lists_what_is_read():
    page = (Path(__file__).parents[2] / "docs" / "howto" / "write-a-consultation.md").read_text()
    for name in {
        *chain(*READ.values()),
        *KINDS,
        *THEMES,
        *FUNCTIONS_TOLD,
        *(set(BANDS) - {"26plus", "unsaid"}),
    }:
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page), name
    for most in (limits.QUESTION_MOST, limits.MOST_OPTIONS, limits.MOST_QUESTIONS, LABEL_MOST):
        assert re.search(rf"\b{most}\b", page), most


def test_too_many_questions_and_too_many_options_are_named():
    survey = [HEADS, *(["text", f"q{n}", "?"] for n in range(201))]
    assert places(parse(workbook(survey)).problems) == ["survey 202"]
    choices = [["list_name", "name", "label"], *(["many", f"o{n}", "O"] for n in range(61))]
    found = parse(workbook([HEADS, ["select_one many", "a", "A?"]], choices))
    assert places(found.problems) == ["choices 62 list_name"]


def test_options_that_do_not_fit_one_message_are_named():
    choices = [["list_name", "name", "label"], *(["long", f"o{n}", "x" * 99] for n in range(40))]
    found = parse(workbook([HEADS, ["select_one long", "a", "A?"]], choices))
    assert places(found.problems) == ["survey 2 label"]


def test_of_a_hundred_thousand_problems_two_hundred_are_reported():
    survey = [HEADS, *(["hologram", f"q{n}", "?"] for n in range(1500))]
    found = parse(workbook(survey)).problems
    assert len(found) == 201
    assert said(found[-1]).startswith("And 13")


def test_pyxform_has_the_last_word():
    found = problems(workbook([HEADS, ["text", "meta", "What?"]]))
    assert len(found) == 1
    assert found[0].startswith("survey 2 name: The checker of XLSForm says: On the 'survey' sheet")
    assert found[0].endswith("The name 'meta' is reserved for form metadata.")


@given(
    rows=st.lists(
        st.lists(st.one_of(st.none(), st.sampled_from(CELLS), st.text(max_size=5)), max_size=8), max_size=8
    )
)
def test_no_survey_sheet_makes_the_reader_stumble(rows):
    clean = [[cell and "".join(c for c in cell if c.isprintable()) for cell in row] for row in rows]
    survey = [
        ["type", "name", "label", "relevant", "constraint", "required", "parameters", "hint::Polski (pl)"],
        *clean,
    ]
    found = parse(workbook(survey, [["list_name", "name", "label"], ["yes_no", "yes", "Yes"]]))
    assert (found.form is None) == bool(found.problems)


@given(place=st.floats(0, 1), content=st.binary(min_size=1, max_size=40))
def test_no_broken_file_makes_the_reader_stumble(place, content):
    data = SAMPLE.read_bytes()
    at = int(place * len(data))
    found = parse(data[:at] + content + data[at + len(content) :])
    assert (found.form is None) == bool(found.problems)


# --- what cannot be opened ------------------------------------------------------------------------


def _with_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO(workbook([HEADS, TEXT]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "isn't a workbook"),
        (b"hello", "isn't a workbook"),
        (b"PK\x03\x04" + bytes(100), "isn't a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or locked"),
        (bytes(6 * 1024 * 1024), "too big"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_reported_kindly(data, words):
    assert words in said(parse(data).problems[0])


def test_a_workbook_with_macros_is_refused():
    assert "macros" in problems(_with_part("xl/vbaProject.bin", b"x"))[0]


def test_a_zip_bomb_is_refused_before_it_is_opened():
    bomb = _with_part("xl/media/zeros.bin", bytes(60 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "too big inside" in problems(bomb)[0]


def test_a_workbook_with_broken_insides_is_reported_kindly():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><<<")
        archive.writestr("[Content_Types].xml", "<a/>")
    assert "isn't a workbook" in problems(out.getvalue())[0]


def test_rows_without_end_are_not_read():
    survey = [HEADS, TEXT, *([["text", f"q{n}", "?"] for n in range(2100)])]
    assert "too many rows" in " ".join(problems(workbook(survey)))
