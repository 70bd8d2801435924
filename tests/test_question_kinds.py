"""Question kinds have one home: a kind is its file, its line in the registry, its script and its row in the docs."""

import ast
import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.cli.play import open_now
from conversations.consultations.form import Option, Shape
from conversations.consultations.kinds.kind import QuestionKind, Unfit
from conversations.consultations.kinds.options import chosen_labels, option_buttons, options_named_in
from conversations.consultations.kinds.registry import COMING, KINDS
from conversations.core.record import replace
from conversations.results.counting import result_sentences, to_results
from handlers.files.export import ExportRow, answers_csv
from handlers.files.xlsform.types import QuestionType, type_of
from storage.consultations import answers
from storage.results import counts as result_counts
from tests.files.forms import HEADS, form_of, workbook
from tests.test_scripts import FORMS, SCRIPTS, script_of

TOP = Path(__file__).parents[1]
HOME = TOP / "conversations" / "consultations" / "kinds"
ROOMS = ("bot", "handlers", "storage", "conversations")
SHARED = {"__init__", "kind", "options", "registry"}  # files in the folder that are no kind

# Names of kinds that also mean something else, where they do.
OTHER_THINGS = {
    ("bot/cli/play.py", "text"): "what a message may be answered with",
    ("conversations/consultations/respond/question.py", "text"): "what a message may be answered with",
    ("conversations/core/typed/labels.py", "text"): "what a message may be answered with",
    ("conversations/corrections/choose.py", "note"): "a line that the team added to an outcome",
    ("conversations/corrections/choose.py", "text"): "a field of a piece of news",
    ("conversations/corrections/correct.py", "text"): "the key of a session's note",
    ("conversations/followup/happened.py", "note"): "the key of a button",
    ("conversations/news/detail.py", "text"): "a field of a piece of news",
    ("conversations/safeguarding/help/edit.py", "text"): "a number to text to",
    ("conversations/safeguarding/help/settings.py", "text"): "a number to text to",
    ("handlers/history.py", "text"): "what a message may be answered with",
    ("handlers/web/safeguarding/case_page.py", "note"): "a field of the form for a note about a case",
    ("storage/general/about_people.py", "note"): "an entry of a case that is a note",
    ("storage/safeguarding/case_threads.py", "note"): "an entry of a case that is a note",
}


# --- one home -------------------------------------------------------------------------------------


def test_every_file_of_the_folder_is_a_kind_and_every_kind_has_its_file():
    assert {path.stem for path in HOME.glob("*.py")} - SHARED == set(KINDS)


def test_nothing_outside_the_folder_asks_which_kind_it_is():
    found = {
        (str(path.relative_to(TOP)), word)
        for room in ROOMS
        for path in sorted((TOP / room).rglob("*.py"))
        if path.parent != HOME
        for word in compared(ast.parse(path.read_text()))
        if word in KINDS
    }
    assert found == set(OTHER_THINGS)


def compared(tree: ast.AST) -> Iterator[str]:
    """Every text that something is compared or matched with, or looked up among: `==`, `in`, `case`, a set, a table
    by kind.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                parts = [node.left, *node.comparators]
            case ast.MatchValue():
                parts = [node.value]
            case ast.Set():
                parts = node.elts
            case ast.Dict() if len(KINDS.keys() & {getattr(key, "value", None) for key in node.keys}) > 1:
                parts = node.keys
            case _:
                continue
        texts = (each for part in parts for each in ast.walk(part) if isinstance(each, ast.Constant))
        yield from (each.value for each in texts if isinstance(each.value, str))


# --- read from a form, said in the docs, played in a script ---------------------------------------


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_form_may_write_each_type_of_a_kind(kind):
    for word in kind.types:
        for written in {word, word.replace("_", " "), word.upper()}:
            assert type_of(written) == QuestionType(kind)
    assert kind.name in kind.types


def test_no_type_belongs_to_two_kinds_or_is_still_to_come():
    types = [word for kind in KINDS.values() for word in kind.types]
    assert len({*types, *COMING}) == len(types) + len(COMING)


def test_the_how_to_has_a_row_for_each_kind_and_for_no_other():
    page = (TOP / "docs" / "howto" / "write-a-consultation.md").read_text()
    table = page.partition("| type | what people see |\n|---|---|\n")[2].partition("\n\n")[0]
    firsts = [row.split("|")[1] for row in table.splitlines()]
    told = {word.split()[0] for first in firsts for word in re.findall("`([^`]+)`", first)}
    assert told - {"begin_group", "end_group"} == set(KINDS)


def test_each_kind_is_asked_in_a_script():
    opened = {line.split(", ")[0] for path in SCRIPTS for line in script_of(path.read_text()).opened}
    assert {question.kind for name in opened for question in FORMS[name].questions} == set(KINDS)


# --- a new one ------------------------------------------------------------------------------------

AGREE = (Option("yes", {"en": "Yes"}), Option("no", {"en": "No"}), Option("unsure", {"en": "Not sure"}))


class YesNoUnsure(QuestionKind):
    """A kind with its own options, as in its own file."""

    def question(self, row):
        return replace(QuestionKind.question(self, row), options=AGREE)

    def how_many(self, n, _):
        return _.many("{n} with one choice", "{n} with one choice", n)

    def expects(self, _question):
        return "words"

    def buttons(self, question, said, _ticked):
        return option_buttons(said.labels(question))

    def parse_text(self, question, text):
        picked = options_named_in(question, text)
        return (
            picked[0].name
            if picked
            else Unfit("I can't find that choice. Tap one, or write what stands on it.")
        )

    def parse_places(self, question, places):
        return question.options[places[0]].name

    def answer_text(self, question, value, said, most):
        return chosen_labels(question, value, said, most)


@pytest.fixture
def yes_no_unsure(monkeypatch):
    kind = YesNoUnsure("yes_no_unsure", types=("yes_no_unsure",), shape=Shape.OPTION, seconds=10)
    monkeypatch.setitem(KINDS, kind.name, kind)


async def test_a_registered_kind_is_parsed_asked_taken_repeated_counted_and_exported(house, yes_no_unsure):
    form = form_of(workbook([HEADS, ["yes_no_unsure", "home", "Do you feel at home here?"]]))
    await house.run(lambda db: open_now(db, form))
    sam = house.person()
    await sam.joins()
    await sam.types("/say")
    asked = (await sam.taps("Start"))[-1]
    assert [button.label for button in asked.rows[0]] == ["Yes", "No"]
    assert (await sam.types("perhaps"))[0].text.startswith("I can't find that choice.")
    review = (await sam.taps("Not sure"))[-1]
    assert "Do you feel at home here? – Not sure" in review.text
    await sam.taps("Done")
    found = await house.run(lambda db: result_counts.counts(db, 1))
    words = house.runtime.library.words("en", "normal")
    (result,) = to_results(form, found.tallies, people=found.people, words=words).questions
    assert "1 of 1 person said Not sure." in result_sentences(result, words)
    (given,) = await house.run(lambda db: list(answers.rows_for_export(db, 1, form)))
    file = answers_csv(form, [ExportRow(given.band, given.language, date(2026, 12, 1), given.answers)])
    assert [row[-1] for row in csv.reader(io.StringIO(file.decode("utf-8-sig")))] == ["home", "unsure"]
