"""Reads the catalogues: `conversations/locale/LANGUAGE.po` for young people, `LANGUAGE.staff.po` for staff."""

import gettext
import io
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from conversations.core.i18n import Library

LOCALE = resources.files("conversations") / "locale"


def load_library(zone: ZoneInfo) -> Library:
    """All catalogues. English needs none, because its sentences are in the code."""
    catalogues, staffed = _read_catalogues()
    return Library(catalogues, zone, staffed)


@cache
def _read_catalogues() -> tuple[dict[str, gettext.GNUTranslations], frozenset[str]]:
    """The catalogues, and the languages that also have the staff sentences. Read once."""
    merged: dict[str, Catalog] = {}
    staffed = {"en"}
    for file in sorted(LOCALE.iterdir(), key=lambda file: file.name):
        name = file.name.removesuffix(".po")
        if name == file.name:
            continue
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=name.partition(".")[0].partition("-")[0])
        key = name.removesuffix(".staff")
        staffed |= {key} if key != name else set()
        merged[key] = _merge(merged[key], catalogue) if key in merged else catalogue
    return {key: _translations(catalogue) for key, catalogue in merged.items()}, frozenset(staffed)


def _merge(catalogue: Catalog, more: Catalog) -> Catalog:
    for message in more:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def _translations(catalogue: Catalog) -> gettext.GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
