"""Guards cells against formula injection, also after the file is saved in another format."""

from unicodedata import category

import regex

from conversations.core.text import NO_COMMAND

LONGEST = 32_767  # characters in a cell; a longer text would be dropped silently

# A character that begins a formula, including fullwidth and small forms: at the visible start, or after a separator of
# columns or rows in some locale.
_FORMULA = regex.compile(r'(^|[;,\n])([\p{Z}\p{Cf}"]*+[=+\-@＝＋－＠﹦﹢﹣﹫])')


def inert(text: str) -> str:
    """Removes control characters, and puts an apostrophe before anything that could be read as a formula.

    Text cells of a workbook are already inert. The apostrophe protects CSV files, and workbooks that are saved as CSV
    and opened again.
    """
    kept = "".join(_clean_character(sign) for sign in text.replace("\r\n", "\n"))
    guarded = _FORMULA.sub(r"\1'\2", kept)
    return guarded if len(guarded) <= LONGEST else f"{guarded[: LONGEST - 1]}…"


def _clean_character(sign: str) -> str:
    """Keeps line breaks, replaces tabs and lone surrogates, and drops other control characters, noncharacters, and what
    keeps a command in somebody's words from being one.
    """
    if sign in "\n\r\t":
        return " " if sign == "\t" else "\n"
    if category(sign) == "Cs":
        return "\ufffd"
    return "" if category(sign) == "Cc" or sign == NO_COMMAND or (ord(sign) & 0xFFFE) == 0xFFFE else sign
