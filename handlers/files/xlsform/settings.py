"""The settings sheet: the title, who decides, dates, and filing."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, get_args

from conversations.consultations.form import CODE, Participation
from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from conversations.core.person import BANDS
from conversations.core.record import replace
from conversations.core.themes import THEMES
from conversations.team.facts import AREA_MOST
from handlers.files.xlsform.labels import problems_of_words
from handlers.files.xlsform.languages import Languages, gap_problems, is_language, texts
from handlers.files.xlsform.limits import ABOUT_MOST, DECISION_MAKER_MOST, TITLE_MOST
from handlers.files.xlsform.sheets import SheetRow, Worksheet

_BANDS_SAID = {"under 10": "under10", "26+": "26plus", "26 or over": "26plus", "rather not say": "unsaid"}
_DAYS = ("opens", "closes", "reply_by")
_MOST = {"title": TITLE_MOST, "about": ABOUT_MOST, "decision_maker": DECISION_MAKER_MOST}


def settings_of(sheet: Worksheet, languages: Languages) -> dict[str, Any]:
    """The fields of `Form` that a settings sheet without problems gives."""
    row = _with_title(sheet, languages).rows[0]
    return {
        "code": row.text("form_id"),
        "title": texts(row, "title", languages),
        "default_language": languages.default,
        "about": texts(row, "about", languages),
        "decision_maker": texts(row, "decision_maker", languages),
        **{name: _day(row.text(name)) for name in _DAYS if row.text(name)},
        "themes": tuple(dict.fromkeys(_theme(part) for part in _parts(row.text("themes")))),
        "area": " ".join(row.text("area").split()),
        "audience": tuple(band for band in BANDS if band in map(_band, _parts(row.text("audience")))),
        "kind": row.text("kind").lower() or "public",
    }


def problems_of_settings(sheet: Worksheet | None, languages: Languages) -> Iterator[Problem]:
    if sheet is None or not sheet.rows:
        words = N_(
            "Add a sheet called settings with two columns, form_id and form_title, and fill in one row."
        )
        yield Problem("settings", 0, "", words)
        return
    sheet = _with_title(sheet, languages)
    row = sheet.rows[0]
    for extra in sheet.rows[1:]:
        yield Problem(
            "settings", extra.number, "", N_("Only the first row of settings is read. Empty this one.")
        )
    yield from _problems_of_names(row, languages)
    yield from problems_of_words(sheet, row, _MOST)
    yield from gap_problems(sheet, [row], languages)
    yield from _problems_of_days(row)
    yield from _problems_of_lists(row)


def _problems_of_names(row: SheetRow, languages: Languages) -> Iterator[Problem]:
    if not CODE.fullmatch(row.text("form_id")):
        words = N_("Give the form a short name: letters, numbers, - and _ only, like {example}.")
        yield Problem("settings", row.number, "form_id", words, {"example": "buses"})
    if not texts(row, "title", languages):
        yield Problem(
            "settings", row.number, "form_title", N_("Give the consultation a title that people will see.")
        )
    if not is_language(languages.default):
        words = N_("I don't know this language. Write it like {example}.")
        yield Problem("settings", row.number, "default_language", words, {"example": "English (en)"})
    if row.text("kind").lower() not in ("", *get_args(Participation)):
        words = N_('Write "public", "social" or "individual".')
        yield Problem("settings", row.number, "kind", words)


def _problems_of_days(row: SheetRow) -> Iterator[Problem]:
    for name in _DAYS:
        if row.text(name) and _day(row.text(name)) is None:
            yield Problem(
                "settings", row.number, name, N_("Write the day like {example}."), {"example": "2026-12-20"}
            )
    days = [(name, day) for name in _DAYS if (day := _day(row.text(name))) is not None]
    for (earlier, first), (later, second) in pairwise(days):
        if second < first:
            words = N_('This day comes before the one in "{name}".')
            yield Problem("settings", row.number, later, words, {"name": earlier})


def _problems_of_lists(row: SheetRow) -> Iterator[Problem]:
    for part in _parts(row.text("themes")):
        if not _theme(part):
            words = N_('I don\'t know "{name}". Choose from these: {known}.')
            yield Problem("settings", row.number, "themes", words, {"name": part, "known": ", ".join(THEMES)})
    if len(row.text("area")) > AREA_MOST:
        words = N_("Give the area a short name, with up to {most} letters.")
        yield Problem("settings", row.number, "area", words, {"most": str(AREA_MOST)})
    for part in _parts(row.text("audience")):
        if _band(part) not in BANDS:
            words = N_('I don\'t know "{name}". Choose from these: {known}.')
            yield Problem(
                "settings", row.number, "audience", words, {"name": part, "known": ", ".join(BANDS)}
            )


def _with_title(sheet: Worksheet, languages: Languages) -> Worksheet:
    """The sheet with `form_title` renamed to `title`, unless a `title` has the same language."""
    if any(c.name == "title" and languages.key(c.language) == languages.default for c in sheet.columns):
        return sheet
    columns = tuple(replace(c, name="title") if c.name == "form_title" else c for c in sheet.columns)
    rows = tuple(
        SheetRow(
            row.number,
            {("title" if n == "form_title" else n, lang): text for (n, lang), text in row.cells.items()},
        )
        for row in sheet.rows
    )
    return replace(sheet, columns=columns, rows=rows)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def _theme(said: str) -> str:
    plain = said.lower()
    return next((key for key, words in THEMES.items() if plain in (key, words)), "")


def _band(said: str) -> str:
    plain = said.lower().replace("–", "-").replace("—", "-")
    return _BANDS_SAID.get(plain, plain)
