"""Checks all sheets, and builds the form from sheets without problems."""

from collections.abc import Iterator, Mapping

from conversations.consultations.form import Form
from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.choices import problems_of_choices
from handlers.files.xlsform.languages import languages_of, problems_of_columns
from handlers.files.xlsform.settings import problems_of_settings, settings_of
from handlers.files.xlsform.sheets import Worksheet
from handlers.files.xlsform.survey import question_of, survey_items
from handlers.files.xlsform.survey_check import problems_of_survey


def problems_of(sheets: Mapping[str, Worksheet]) -> Iterator[Problem]:
    """All problems, sheet by sheet."""
    languages = languages_of(sheets)
    survey, choices = sheets.get("survey"), sheets.get("choices")
    for sheet in sheets.values():
        yield from sheet.problems
        yield from problems_of_columns(sheet, languages)
    if survey is None:
        yield Problem("survey", 0, "", N_("There is no sheet called survey. That is where the questions go."))
    else:
        yield from problems_of_survey(survey, choices, languages)
        used = {each.asks.options for each in survey_items(survey, languages)} - {""}
        if choices is not None:
            yield from problems_of_choices(choices, used, languages)
    yield from problems_of_settings(sheets.get("settings"), languages)


def form_of(sheets: Mapping[str, Worksheet]) -> Form:
    """Builds the form from sheets without problems."""
    languages = languages_of(sheets)
    rows = survey_items(sheets["survey"], languages)
    questions = tuple(question_of(each, sheets.get("choices"), languages) for each in rows)
    return Form(questions=questions, **settings_of(sheets["settings"], languages))
