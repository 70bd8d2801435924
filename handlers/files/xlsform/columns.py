"""The columns of the three sheets: which are read, which are rejected, and the language in their heads."""

import re
from difflib import get_close_matches

from conversations.core.record import Record

TRANSLATED = {
    "survey": frozenset({"label", "hint", "constraint_message"}),
    "choices": frozenset({"label"}),
    "settings": frozenset({"title", "about", "decision_maker"}),
}
# fmt: off
READ = {
    "survey": TRANSLATED["survey"] | {"type", "name", "required", "relevant", "constraint", "parameters"},
    "choices": TRANSLATED["choices"] | {"list_name", "name"},
    "settings": TRANSLATED["settings"] | {
        "form_title", "form_id", "default_language", "reply_by", "opens", "closes", "themes", "area", "audience", "kind",
    },
}
# XLSForm columns that would change what is asked. They are accepted only if empty.
REFUSED = {
    "survey": frozenset({
        "audio", "big-image", "bind", "body", "calculation", "choice_filter", "control", "default", "disabled",
        "guidance_hint", "image", "instance", "media", "read_only", "repeat_count", "save_to", "trigger", "video",
    }),
    "choices": frozenset({"audio", "big-image", "image", "media", "video"}),
    "settings": frozenset[str](),
}
# Names close to a column that is read, which are not misspellings of it.
_NO_MISTAKE = frozenset({"required_message", "style", "version", "name", "prefix"})
_ALIASES = {
    "caption": "label", "relevance": "relevant", "constraining_message": "constraint_message", "command": "type",
    "tag": "name", "calculate": "calculation", "readonly": "read_only", "count": "repeat_count",
    "requiredmsg": "required_message", "set_form_title": "form_title", "set_form_id": "form_id",
    "id_string": "form_id",
}
# fmt: on
_HEADER = re.compile(r"([^:]+?)\s*::?\s*(.+)")
_LANGUAGE = re.compile(r".*\(\s*([^()\s]+)\s*\)")
_CODE = re.compile(r"[a-z]{2,3}(?:-(?:young|easy))?")


class Column(Record):
    """One column. `written` is its head as written; `language` is a variant's code, "" for none."""

    written: str
    name: str
    language: str = ""

    @property
    def is_understood(self) -> bool:
        return not self.language or _CODE.fullmatch(self.language) is not None


def parse_head(sheet: str, written: str) -> Column:
    """Parses a head such as "label::Polski (pl)"."""
    found = _HEADER.fullmatch(written)
    if found is None:
        return Column(written, _column_name(sheet, written))
    name = _column_name(sheet, found[1])
    if name == "form_title":  # only our own column `title` can have languages
        name = "title"
    if name not in TRANSLATED[sheet]:
        return Column(written, name)
    return Column(written, name, code_of(found[2]) or found[2])


def code_of(language: str) -> str:
    """The code in "Polski (pl)" in lower case; "" if there is none."""
    found = _LANGUAGE.fullmatch(language)
    return found[1].lower() if found else ""


def likely_column(sheet: str, name: str) -> str:
    """The column that a misspelt head probably means; "" if the head is known, or close to none."""
    if name in READ[sheet] | REFUSED[sheet] | _NO_MISTAKE:
        return ""
    return next(iter(get_close_matches(name, sorted(READ[sheet]), n=1, cutoff=0.8)), "")


def _column_name(sheet: str, written: str) -> str:
    name = "_".join(written.lower().split())
    if sheet != "settings" and name == "value":
        return "name"
    return _ALIASES.get(name, name)
