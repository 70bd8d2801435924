"""The part of a very long text that a case or a mark keeps: the part with the sign of danger."""

from collections.abc import Callable, Iterator

KEPT_MOST = 4000  # letters: as long as the longest answer
_OVERLAP = 400  # letters that two pieces share, so that no sign is cut in two


def excerpt(text: str, has_sign: Callable[[str], bool] = lambda _piece: True) -> str:
    """The text itself, or the piece of a longer one that has the sign; the first piece if none has."""
    if len(text) <= KEPT_MOST:
        return text
    starts = range(0, len(text), KEPT_MOST - _OVERLAP)
    holding = (at for at in starts if has_sign(text[at : at + KEPT_MOST]))
    return "".join(_cut(text, next(holding, 0)))


def _cut(text: str, at: int) -> Iterator[str]:
    yield "… " if at else ""
    yield text[at : at + KEPT_MOST]
    yield " …" if at + KEPT_MOST < len(text) else ""
