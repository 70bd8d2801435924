"""Text as it fits on one line."""

_SHORT = 80  # of a person's own words, enough to know them again


def shortened(text: str, most: int = _SHORT) -> str:
    """One line of at most `most` characters; what is left out shows as "…"."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
