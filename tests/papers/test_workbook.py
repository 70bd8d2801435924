"""Reading a worker's workbook: the form that it means, or every problem at once."""

import asyncio
import io
import os
import re
import sys
import time
import zipfile
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.asking import LABEL_MOST
from conversations.events import Workbook
from conversations.forms import Form, Option, Question
from conversations.people import BANDS
from conversations.themes import THEMES
from handlers.papers import apart
from handlers.papers.workbook import parse_in_subprocess, read
from handlers.papers.xlsform import limits
from handlers.papers.xlsform.columns import READ
from handlers.papers.xlsform.types import ASKED
from tests.papers.forms import places, said, workbook
from tests.papers.write_sample import SAMPLE, WORKBOOK, workbook_of

FUNCTIONS_TOLD = ("selected", "count-selected", "regex", "today", "date", "if", "not", "string-length")
CELLS = [
    "text", "note", "integer", "range", "select_one yes_no", "select_multiple yes_no", "begin_group", "end_group",
    "begin_repeat", "end_repeat", "acknowledge", "start", "a", "b", "${a} = 'x'", "${b}", "selected(${a}, 'yes')",
    "regex(., '[a-z]+')", "yes", "start=1 end=5", "=1+1",
]  # fmt: skip
HEADS = ["type", "name", "label"]
TEXT = ["text", "better", "What would make it better?"]


def problems(data: bytes) -> list[str]:
    return [f"{p.sheet} {p.row} {p.column}: {said(p)}" for p in read(data).problems]


def form_of(data: bytes) -> Form:
    found = read(data)
    assert found.problems == ()
    assert found.form is not None
    return found.form


# --- what is read ---------------------------------------------------------------------------------


def test_the_sample_in_the_docs_reads_as_the_sample_in_the_house():
    assert read(SAMPLE) == Workbook(WORKBOOK)


def test_the_sample_written_anew_is_the_same_workbook_as_in_the_docs():
    assert read(workbook_of(WORKBOOK)) == read(SAMPLE)


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


def test_languages_and_reading_versions_are_told_apart_by_their_codes():
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


def test_what_a_phone_would_note_down_by_itself_is_left_out():
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


# --- what is not: every problem at once -----------------------------------------------------------


def test_every_problem_is_named_at_once_with_sheet_row_and_column():
    found = read(
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


def test_what_comes_later_is_told_from_what_never_comes():
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


def test_a_condition_on_something_that_is_not_read_is_told_once():
    survey = [[*HEADS, "relevant"], ["decimal", "much", "How much?"], ["text", "a", "A?", "${much} > 2"]]
    assert places(read(workbook(survey)).problems) == ["survey 2 type"]


def test_a_language_that_lacks_words_is_named_where_they_are_missing():
    survey = [
        ["type", "name", "label::English (en)", "label::Polski (pl)", "hint::English (en)"],
        ["text", "a", "A?", "A?", "Help"],
        ["text", "b", "B?", None],
    ]
    settings = [["form_id", "form_title"], ["x", "Title"]]
    assert places(read(workbook(survey, settings=settings)).problems) == [
        "survey 1 hint::Polski (pl)",
        "survey 3 label::Polski (pl)",
        "settings 1 title::Polski (pl)",
    ]


@pytest.mark.parametrize(
    "head", ["label::Polski", "label::Polski (polski)", "label::Shouting English (en-loud)"]
)
def test_a_language_without_a_code_that_we_know_is_named(head):
    survey = [["type", "name", "label", head], ["text", "a", "A?", "A?"]]
    assert places(read(workbook(survey)).problems) == [f"survey 1 {head}"]


def test_a_reading_version_of_a_language_that_is_not_there_is_named():
    survey = [["type", "name", "label", "label::Łatwy (pl-easy)"], ["text", "a", "A?", "A?"]]
    assert places(read(workbook(survey)).problems) == ["survey 1 label::Łatwy (pl-easy)"]


def test_a_misspelt_column_is_not_passed_over():
    survey = [[*HEADS, "relevent", "notes to self"], [*TEXT, "true()", "ask Sam"]]
    assert problems(workbook(survey)) == [
        'survey 1 relevent: Did you mean "relevant"? Write that, or take this column out.'
    ]


def test_two_columns_for_the_same_words_are_named():
    survey = [["type", "name", "label", "label::English (en)"], ["text", "a", "A?", "B?"]]
    assert places(read(workbook(survey)).problems) == ["survey 1 label::English (en)"]


def test_a_formula_and_a_mistake_of_the_spreadsheet_are_named():
    survey = [
        HEADS,
        ["text", "a", "=CONCATENATE(B2, 1)"],
        ["text", "b", "#REF!"],
        ["text", "c", "'=not a formula"],
    ]
    found = read(workbook(survey)).problems
    assert places(found)[:2] == ["survey 2 label", "survey 3 label"]
    assert "formula" in said(found[0])


def test_a_missing_sheet_is_named():
    assert places(read(workbook(None)).problems) == ["survey 0"]
    assert places(read(workbook([HEADS, TEXT], settings=None)).problems) == ["settings 0"]


def test_an_empty_survey_is_named():
    assert places(read(workbook([HEADS])).problems) == ["survey 0"]
    assert places(read(workbook([])).problems) == ["survey 0"]


def test_sheets_that_would_change_what_is_asked_are_named_and_others_are_not():
    found = read(workbook([HEADS, TEXT], entities=[["list_name"]], Notes=[["Ask Sam"]]))
    assert places(found.problems) == ["entities 0"]


def test_a_column_that_says_no_does_no_harm_and_a_default_of_no_does():
    survey = [[*HEADS, "read_only", "disabled", "default"], [*TEXT, "no", "FALSE", None]]
    assert form_of(workbook(survey)).questions[0].name == "better"
    survey = [[*HEADS, "read_only", "disabled", "default"], [*TEXT, "yes", None, "no"]]
    assert places(read(workbook(survey)).problems) == ["survey 2 read_only", "survey 2 default"]


def test_an_emoji_alone_is_no_label():
    choices = [["list_name", "name", "label"], ["mood", "good", "😀"], ["mood", "bad", "Bad 😟"]]
    found = read(workbook([HEADS, ["select_one mood", "a", "A?"]], choices))
    assert places(found.problems) == ["choices 2 label"]


def test_a_form_title_in_another_language_is_a_title():
    survey = [["type", "name", "label", "label::Polski (pl)"], ["text", "a", "A?", "Co?"]]
    settings = [["form_id", "form_title", "form_title::Polski (pl)"], ["x", "Buses", "Autobusy"]]
    assert form_of(workbook(survey, settings=settings)).title == {"en": "Buses", "pl": "Autobusy"}


def test_what_the_how_to_says_is_read_is_what_is_read():
    page = (Path(__file__).parents[2] / "docs" / "howto" / "write-a-consultation.md").read_text()
    for name in {
        *chain(*READ.values()),
        *ASKED.split(", "),
        *THEMES,
        *FUNCTIONS_TOLD,
        *(set(BANDS) - {"26plus", "unsaid"}),
    }:
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", page), name
    for most in (limits.QUESTION_MOST, limits.MOST_OPTIONS, limits.MOST_QUESTIONS, LABEL_MOST):
        assert re.search(rf"\b{most}\b", page), most


def test_too_many_questions_and_too_many_options_are_named():
    survey = [HEADS, *(["text", f"q{n}", "?"] for n in range(201))]
    assert places(read(workbook(survey)).problems) == ["survey 202"]
    choices = [["list_name", "name", "label"], *(["many", f"o{n}", "O"] for n in range(61))]
    found = read(workbook([HEADS, ["select_one many", "a", "A?"]], choices))
    assert places(found.problems) == ["choices 62 list_name"]


def test_options_that_do_not_fit_one_message_are_named():
    choices = [["list_name", "name", "label"], *(["long", f"o{n}", "x" * 99] for n in range(40))]
    found = read(workbook([HEADS, ["select_one long", "a", "A?"]], choices))
    assert places(found.problems) == ["survey 2 label"]


def test_a_hundred_thousand_problems_are_told_in_two_hundred():
    survey = [HEADS, *(["hologram", f"q{n}", "?"] for n in range(1500))]
    found = read(workbook(survey)).problems
    assert len(found) == 201
    assert said(found[-1]).startswith("And 13")


def test_pyxform_has_the_last_word():
    found = problems(workbook([HEADS, ["text", "meta", "What?"]]))
    assert len(found) == 1
    assert found[0].startswith("survey 2 name: The checker of XLSForm says: On the 'survey' sheet")
    assert found[0].endswith("The name 'meta' is reserved for form metadata.")


@settings(max_examples=150, deadline=None)
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
    found = read(workbook(survey, [["list_name", "name", "label"], ["yes_no", "yes", "Yes"]]))
    assert (found.form is None) == bool(found.problems)


@settings(max_examples=100, deadline=None)
@given(place=st.floats(0, 1), content=st.binary(min_size=1, max_size=40))
def test_no_broken_file_makes_the_reader_stumble(place, content):
    data = SAMPLE.read_bytes()
    at = int(place * len(data))
    found = read(data[:at] + content + data[at + len(content) :])
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
def test_what_is_no_workbook_is_told_kindly(data, words):
    assert words in said(read(data).problems[0])


def test_a_workbook_with_macros_is_refused():
    assert "macros" in problems(_with_part("xl/vbaProject.bin", b"x"))[0]


def test_a_zip_bomb_is_refused_before_it_is_opened():
    bomb = _with_part("xl/media/zeros.bin", bytes(60 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "too big inside" in problems(bomb)[0]


def test_a_workbook_with_broken_insides_is_told_kindly():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><<<")
        archive.writestr("[Content_Types].xml", "<a/>")
    assert "isn't a workbook" in problems(out.getvalue())[0]


def test_rows_without_end_are_not_read():
    survey = [HEADS, TEXT, *([["text", f"q{n}", "?"] for n in range(2100)])]
    assert "too many rows" in " ".join(problems(workbook(survey)))


# --- in a process of its own ----------------------------------------------------------------------


async def test_a_workbook_is_read_in_a_process_of_its_own_just_the_same():
    assert await parse_in_subprocess(SAMPLE.read_bytes()) == read(SAMPLE)
    broken = workbook([HEADS, ["geopoint", "a", "A?"]])
    assert await parse_in_subprocess(broken) == read(broken)


async def test_reading_leaves_no_heavy_library_behind():
    code = (
        "import asyncio, sys\n"
        "from handlers.papers.workbook import parse_in_subprocess\n"
        "asyncio.run(parse_in_subprocess(b'hello'))\n"
        "print(sorted({'openpyxl', 'pyxform', 'lxml'} & set(sys.modules)))\n"
    )
    house = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=house, stdout=asyncio.subprocess.PIPE
    )
    said_out, _ = await process.communicate()
    assert said_out == b"[]\n"


async def test_a_file_that_is_too_big_starts_no_process():
    began = time.monotonic()
    found = await parse_in_subprocess(bytes(10 * 1024 * 1024))
    assert "too big" in said(found.problems[0])
    assert time.monotonic() - began < 0.1


async def test_a_workbook_that_takes_too_long_is_ended():
    found = await parse_in_subprocess(SAMPLE.read_bytes(), seconds=0.01)
    assert "takes too long" in said(found.problems[0])


async def test_a_workbook_that_wants_too_much_memory_is_ended():
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([HEADS, TEXT]))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            more = b"<a/>" * 7_000_000 if part == "[Content_Types].xml" else b""
            new.writestr(part, old.read(part).replace(b"</Types>", more + b"</Types>"))
    assert len(out.getvalue()) < 100_000
    found = await parse_in_subprocess(out.getvalue())
    assert "too much for me" in said(found.problems[0])


async def test_the_process_is_given_no_settings_and_no_keys(monkeypatch):
    monkeypatch.setenv("DATA_KEY", "secret")
    seen = {}
    real = asyncio.create_subprocess_exec

    async def watched(*args, **options):
        seen.update(options)
        return await real(*args, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    await parse_in_subprocess(b"hello")
    assert seen["env"] == {}
    assert os.environ["DATA_KEY"] == "secret"


async def test_only_two_workbooks_are_read_at_once_and_all_of_them_are_read(monkeypatch):
    under_way, most = 0, 0
    read_apart = apart._read

    async def watched(module, data, seconds):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        found = await read_apart(module, data, seconds)
        under_way -= 1
        return found

    monkeypatch.setattr(apart, "_read", watched)
    found = await asyncio.gather(*(parse_in_subprocess(b"no workbook") for _ in range(5)))
    assert most == apart.AT_ONCE
    assert all(one.problems for one in found)
