"""Exports, as another program reads them: no formulas, and nothing that identifies anybody."""

import csv
import io
from datetime import UTC, date, datetime, time
from gettext import NullTranslations
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from conversations.consultations.form import Form, Option, Question
from conversations.core.i18n import Words
from conversations.results.counting import Tally, to_results
from handlers.files.csv_safety import LONGEST, inert
from handlers.files.export import ExportRow, answers_csv, answers_xlsx

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
OPTIONS = (Option("lamps", {"en": "More lamps"}), Option("buses", {"en": "More buses"}))
FORM = Form(
    "buses",
    {"en": "Buses after school"},
    (
        Question("hello", "note", {"en": "Hello"}),
        Question("safe", "select_one", {"en": "=How safe?"}, options=OPTIONS),
        Question("want", "select_multiple", {"en": "What would help?"}, options=OPTIONS),
        Question("why", "text", {"en": "Why?"}),
        Question("often", "integer", {"en": "How often?"}),
        Question("ok", "acknowledge", {"en": "OK?"}),
    ),
)
DAY = date(2026, 11, 20)
FULL = ExportRow(
    "16-17",
    "pl",
    DAY,
    {"safe": "lamps", "want": ("lamps", "buses"), "why": "za ciemno 😕", "often": -5, "ok": True},
)
EMPTY = ExportRow(None, None, DAY, {})
DANGEROUS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "＝1+1", "＋1", "－1", "＠A1", "﹦1+1",
    "\u200b=1+1", "\ufeff=1+1", "\u202e=1+1", '"=1+1', "\x00=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0",
    "fine;=1+1", "fine,\t+1", "fine\n@A1", 'fine";"=1+1',
]  # fmt: skip


def book(*rows: ExportRow) -> Workbook:
    tallies = [Tally("safe", 1, {"lamps": 1}, 1), Tally("why", 1, {}, 1), Tally("often", 1, {"-5": 1}, 1)]
    results = to_results(FORM, tallies, people=2, words=EN)
    exported = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    return load_workbook(io.BytesIO(answers_xlsx(FORM, rows, results, exported=exported, smallest=6, _=EN)))


def rows_of(workbook: Workbook, name: str) -> list[tuple[object, ...]]:
    return list(workbook[name].iter_rows(values_only=True))


def csv_rows(*rows: ExportRow) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answers_csv(FORM, rows).decode("utf-8-sig"), newline="")))


def wrote(text: str) -> ExportRow:
    return ExportRow("16-17", "en", DAY, {"why": text})


def test_the_workbook_has_a_column_for_each_name_and_one_for_each_of_several_choices():
    heading, row = rows_of(book(FULL), "answers")
    assert heading == (
        "_row", "_age", "_language", "_day", "safe", "want", "want/lamps", "want/buses", "why", "often", "ok",
    )  # fmt: skip
    assert row == (
        1, "16-17", "pl", datetime.combine(DAY, time()), "lamps", "lamps buses", 1, 1, "za ciemno 😕", -5, "OK",
    )  # fmt: skip


def test_unanswered_is_empty_and_a_choice_not_made_is_zero():
    (_heading, empty) = rows_of(book(EMPTY), "answers")
    assert empty[4:] == (None,) * 7
    (_heading, one) = rows_of(book(ExportRow(None, None, DAY, {"want": ("buses",)})), "answers")
    assert one[5:8] == ("buses", 0, 1)


def test_the_other_sheets_hold_questions_counts_and_who_may_have_them():
    workbook = book(FULL, EMPTY)
    assert workbook.sheetnames == ["answers", "questions", "results", "about"]
    questions = rows_of(workbook, "questions")
    assert ("want/lamps", "choice", "More lamps") in questions
    assert ("hello", "note", "Hello") in questions
    results = rows_of(workbook, "results")
    assert results[1:4] == [
        ("safe", None, "'=How safe?", 1, 2, None),
        ("safe", "lamps", "More lamps", 1, 1, None),
        ("safe", "buses", "More buses", 0, 1, None),
    ]
    assert ("often", None, "How often?", 1, 2, -5) in results
    about = dict(row[:2] for row in rows_of(workbook, "about"))
    assert about["Its code"] == "buses"
    assert about["Exported"] == "2026-11-22 16:00"
    assert "under 6" in about["Before you share numbers"]
    assert about["Who may have it"].startswith("Only staff")


def test_rows_are_shuffled_so_that_their_order_tells_nothing():
    rows = [wrote(f"{place}") for place in range(50)]
    orders = {tuple(row[8] for row in csv_rows(*rows)[1:]) for _again in range(5)}
    assert len(orders) > 1
    assert [row[0] for row in csv_rows(*rows)[1:]] == [f"{n}" for n in range(1, 51)]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_text_in_the_workbook(text):
    workbook = book(wrote(text))
    for sheet in workbook:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert_inert(workbook["answers"]["I2"].value)


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_formula_is_text_in_csv_in_whichever_country_it_is_opened(text, separator):
    read = csv.reader(
        io.StringIO(answers_csv(FORM, [wrote(text)]).decode("utf-8-sig"), newline=""), delimiter=separator
    )
    for row in read:
        for cell in row:
            assert_inert(cell)


def assert_inert(cell: str) -> None:
    """No character that a spreadsheet skips precedes one that begins a formula."""
    assert cell.lstrip(' \t\r\n"\u200b\ufeff\u202e')[:1] not in {*"=+-@＝＋－＠﹦"} - {""}, repr(cell)


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_is_written_can_be_opened_again(text):
    safe = inert(text)
    safe.encode()
    assert not {sign for sign in safe if sign < " " and sign != "\n"}
    assert inert(safe) == safe


def test_control_signs_and_lone_surrogates_do_not_break_the_workbook():
    assert rows_of(book(wrote("a\x00b\x1bc\ud800d\uffffe\r\nf\x85g")), "answers")[1][8] == "abc\ufffdde\nfg"


def test_ordinary_words_stay_as_they_are():
    for text in (
        "It's too dark - really.",
        "a+b",
        "me@home",
        "3 = three",
        "Żółć, ąę",
        "لا",
        '"quoted"',
        "'=quoted",
    ):
        assert inert(text) == text


def test_a_text_longer_than_a_cell_is_visibly_cut():
    assert len(inert("x" * 40_000)) == LONGEST
    assert inert("x" * 40_000).endswith("…")


def test_a_number_too_long_to_be_exact_stays_whole_as_text():
    row = rows_of(book(ExportRow(None, None, DAY, {"often": 10**30})), "answers")[1]
    assert row[9] == "1" + "0" * 30


def test_csv_begins_with_a_bom_for_excel_and_keeps_lines_and_characters():
    data = answers_csv(FORM, [wrote('za ciemno,\n"bardzo"')])
    assert data.startswith(b"\xef\xbb\xbf")
    assert csv_rows(wrote('za ciemno,\n"bardzo"'))[1][8] == 'za ciemno,\n"bardzo"'
    assert csv_rows(FULL)[1] == [
        "1", "16-17", "pl", "2026-11-20", "lamps", "lamps buses", "1", "1", "za ciemno 😕", "-5", "OK",
    ]  # fmt: skip


def test_the_workbook_has_no_formula_no_link_and_no_author():
    tallies = to_results(FORM, [], people=0, words=EN)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    rows = [wrote("=1+1"), wrote("https://example.org"), wrote("internal:Sheet1!A1"), wrote("{=SUM(A1)}")]
    with ZipFile(io.BytesIO(answers_xlsx(FORM, rows, tallies, exported=now, smallest=6, _=EN))) as archive:
        inside = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name in inside if "sheets/_rels" in name]
    assert not [name for name, xml in inside.items() if "<f>" in xml or "<hyperlink" in xml]
    assert "<dc:creator></dc:creator>" in inside["docProps/core.xml"]
