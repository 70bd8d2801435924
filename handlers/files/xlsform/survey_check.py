"""Finds all problems of the survey sheet, row by row."""

import re
from collections.abc import Iterator, Sequence

from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.choices import options_of, rows_of
from handlers.files.xlsform.columns import READ, REFUSED
from handlers.files.xlsform.conditions import problems_of_conditions
from handlers.files.xlsform.labels import problems_of_words
from handlers.files.xlsform.languages import Languages, gap_problems, head, texts
from handlers.files.xlsform.limits import MESSAGE_MOST, MOST_QUESTIONS, NOTE_MOST, QUESTION_MOST
from handlers.files.xlsform.sheets import SheetRow, Worksheet
from handlers.files.xlsform.survey import SurveyItem, is_no, is_yes_or_no, survey_items
from handlers.files.xlsform.types import supported_types, type_of

_NAME = re.compile(r"[^\W\d][\w.-]{0,63}")


def problems_of_survey(
    survey: Worksheet, choices: Worksheet | None, languages: Languages
) -> Iterator[Problem]:
    rows = list(survey_items(survey, languages))
    for row in survey.rows:
        yield from _problems_of_type(row)
    yield from _problems_of_groups(survey)
    yield from _problems_of_names(rows)
    for each in rows:
        yield from _problems_of_question(each, survey, languages)
        yield from _problems_of_answers(each, choices)
        yield from _problem_of_length(each, choices, languages)
    yield from gap_problems(survey, [each.row for each in rows], languages)
    yield from problems_of_conditions(
        rows, {row.text("name") for row in survey.rows if _is_recognised(row)} | _names(rows)
    )
    yield from _problems_of_number(rows)


def _problems_of_type(row: SheetRow) -> Iterator[Problem]:
    written = row.text("type")
    word = type_of(written)
    if not written:
        if any(name in READ["survey"] for name, _language in row.cells):
            words = N_("Say what kind of question this is. Heard can ask these: {kinds}.")
            yield Problem("survey", row.number, "type", words, {"kinds": supported_types()})
    elif word == "later":
        words = N_('"{type}" questions are not here yet. Ask it another way, or take the row out.')
        yield Problem("survey", row.number, "type", words, {"type": written})
    elif word == "repeat":
        words = N_("Questions that repeat are not here yet. Ask them once, in a group.")
        yield Problem("survey", row.number, "type", words)
    elif word == "never":
        words = N_('Heard can\'t ask "{type}" questions. It can ask these: {kinds}.')
        yield Problem("survey", row.number, "type", words, {"type": written, "kinds": supported_types()})


def _problems_of_groups(survey: Worksheet) -> Iterator[Problem]:
    begun: list[SheetRow] = []
    for row in survey.rows:
        word = type_of(row.text("type"))
        if word in {"begin", "repeat"}:
            begun.append(row)
        elif word == "end" and not begun:
            yield Problem("survey", row.number, "type", N_("This group ends, but it never began."))
        elif word == "end":
            begun.pop()
    for row in begun:
        yield Problem(
            "survey", row.number, "type", N_("This group begins, but it never ends. Add an end_group row.")
        )


def _problems_of_names(rows: Sequence[SurveyItem]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for each in rows:
        name, number = each.row.text("name"), each.row.number
        if not name and each.asks.kind.is_answered:
            words = N_("Give this question a short name, like {example}.")
            yield Problem("survey", number, "name", words, {"example": "safe_on_bus"})
        elif name and not _NAME.fullmatch(name):
            words = N_("A name begins with a letter, and has only letters, numbers, - and _ in it.")
            yield Problem("survey", number, "name", words)
        if each.name in first:
            words = N_('Row {row} has the name "{name}" already.')
            yield Problem("survey", number, "name", words, {"row": str(first[each.name]), "name": each.name})
        first.setdefault(each.name, number)


def _problems_of_question(each: SurveyItem, survey: Worksheet, languages: Languages) -> Iterator[Problem]:
    row = each.row
    if not texts(row, "label", languages):
        written = head(survey, "label", languages.default, languages)
        yield Problem("survey", row.number, written, N_("Write the words of this question."))
    longest = QUESTION_MOST if each.asks.kind.is_answered else NOTE_MOST
    most = {"label": longest, "hint": QUESTION_MOST, "constraint_message": QUESTION_MOST}
    yield from problems_of_words(survey, row, most)
    if not is_yes_or_no(row.text("required")):
        yield Problem("survey", row.number, "required", N_('Write "yes", or leave it empty.'))
    for column in survey.columns:
        content = row.text(column.name, column.language)
        harmless = is_no(content) if column.name in {"disabled", "read_only"} else not content
        if column.name in REFUSED["survey"] and not harmless:
            words = N_("This column isn't read here yet. Empty it.")
            yield Problem("survey", row.number, column.written, words)


def _problems_of_answers(each: SurveyItem, choices: Worksheet | None) -> Iterator[Problem]:
    row, asks = each.row, each.asks
    wrong = asks.kind.wrong_parameters(row.text("parameters"))
    if wrong is not None:
        yield Problem("survey", row.number, "parameters", wrong.words, wrong.values)
    if not asks.kind.has_list:
        return
    if not asks.options:
        words = N_("Write the name of the option list after the type, like {example}.")
        yield Problem("survey", row.number, "type", words, {"example": "select_one yes_no"})
    elif not rows_of(choices, asks.options):
        words = N_('The sheet choices has no options in a list called "{name}".')
        yield Problem("survey", row.number, "type", words, {"name": asks.options})
    if asks.with_other:
        words = N_(
            'Heard doesn\'t add "other" by itself. Add an option for it, and a text question after it.'
        )
        yield Problem("survey", row.number, "type", words)


def _problem_of_length(
    each: SurveyItem, choices: Worksheet | None, languages: Languages
) -> Iterator[Problem]:
    labels, hints = texts(each.row, "label", languages), texts(each.row, "hint", languages)
    options = options_of(choices, each.asks.options, languages)
    for key, label in labels.items():
        listed = sum(len(option.label.get(key, "")) + len("99. \n") for option in options)
        if len(label) + len(hints.get(key, "")) + listed > MESSAGE_MOST and options:
            words = N_(
                "The question and its options are too long for one message. Make the options shorter or fewer."
            )
            yield Problem("survey", each.row.number, "label", words)
            return


def _problems_of_number(rows: Sequence[SurveyItem]) -> Iterator[Problem]:
    if len(rows) > MOST_QUESTIONS:
        words = N_("This form has too many questions. Up to {most} are read, and far fewer are answered.")
        yield Problem("survey", rows[MOST_QUESTIONS].row.number, "", words, {"most": str(MOST_QUESTIONS)})
    if not any(each.asks.kind.is_answered for each in rows):
        yield Problem("survey", 0, "", N_("There is no question here yet. Add at least one."))


def _is_recognised(row: SheetRow) -> bool:
    return type_of(row.text("type")) in {"later", "never"}


def _names(rows: Sequence[SurveyItem]) -> set[str]:
    return {each.name for each in rows}
