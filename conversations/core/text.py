"""How long a typed text may be, and how it is shortened to one line."""

NO_COMMAND = (
    "\u2060"  # a word joiner: after the slash of a command in somebody's words, it keeps that from being one
)
TYPED_MOST = 4000  # letters: a message of Telegram holds a few more
_SHORT = 80  # letters: enough for people to recognise their own words


def shorten(text: str, most: int = _SHORT) -> str:
    """One line of at most `most` characters; "…" marks a cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
