"""Guards cells against formula injection, also after the file is saved in another format."""

from unicodedata import category

import regex

LONGEST = 32_767  # characters in a cell; a longer text would be left out without a word

# A sign that begins a formula, fullwidth and small ones too: first of all that is seen, or after what another
# country's spreadsheet parts columns and rows by.
_FORMULA = regex.compile(r'(^|[;,\n])([\p{Z}\p{Cf}"]*+[=+\-@＝＋－＠﹦﹢﹣﹫])')


def inert(text: str) -> str:
    """The text without control characters, with an apostrophe before what could be read as a formula.

    Cells are written as text, which is inert in itself; the apostrophe is for CSV, and for a workbook that is
    saved as CSV and opened again.
    """
    kept = "".join(_kept(sign) for sign in text.replace("\r\n", "\n"))
    guarded = _FORMULA.sub(r"\1'\2", kept)
    return guarded if len(guarded) <= LONGEST else f"{guarded[: LONGEST - 1]}…"


def _kept(sign: str) -> str:
    """Line breaks stay; other control characters, lone surrogates and what is no character at all do not."""
    if sign in "\n\r\t":
        return " " if sign == "\t" else "\n"
    if category(sign) == "Cs":
        return "\ufffd"
    return "" if category(sign) == "Cc" or (ord(sign) & 0xFFFE) == 0xFFFE else sign
