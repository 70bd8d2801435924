"""A canvas filled from top to bottom with wrapped text, bars and cards; in pixels, mirrored for right-to-left."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unicodedata import category

from conversations.core.record import Record

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

Squares = tuple[tuple[bool, ...], ...]  # rows of modules, dark or light

WIDTH = 1080
_DPI = 72  # makes a point a pixel
_LINE = 1.35  # line height, in font sizes

# The web page's light colours (handlers/web/static/heard.css).
PAPER, CARD, INK, SOFT, LINE = "#f8f4f6", "#fffdfe", "#271b29", "#62536a", "#e2d7e0"
DAMSON, TRACK, EDGE = "#6b2a5e", "#ead5e5", "#8a7690"


class Style(Record):
    """A text style. `size` is the font size in pixels."""

    size: int
    colour: str = INK
    bold: bool = False

    @property
    def line(self) -> float:
        return self.size * _LINE


class _Text(Record):
    x: float
    top: float
    text: str
    style: Style
    at_end: bool


class _Box(Record):
    x: float
    top: float
    width: float
    height: float
    fill: str
    edge: str = "none"


class _Squares(Record):
    x: float
    top: float
    module: int
    rows: Squares


@dataclass(slots=True)
class Canvas:
    """Collects marks, and draws them as a PNG. `x` is measured from the side where reading starts, in pixels; `top`
    is where the next mark goes.
    """

    direction: Literal["ltr", "rtl"]
    top: float = 0
    _marks: list[_Text | _Box | _Squares] = field(default_factory=list)

    def text(self, text: str, style: Style, *, x: float, width: float) -> None:
        """Adds wrapped text at `top`, and moves `top` below it."""
        for line in wrap(text, style, width):
            self._marks.append(_Text(x, self.top, line, style, at_end=False))
            self.top += style.line

    def at_end(self, text: str, style: Style, *, x: float, top: float) -> None:
        """Adds one line of text that ends at `x`."""
        self._marks.append(_Text(x, top, text, style, at_end=True))

    def box(self, x: float, top: float, width: float, height: float, fill: str, edge: str = "none") -> None:
        """Adds a rounded box. With the fill "none" its edge is dashed."""
        self._marks.append(_Box(x, top, width, height, fill, edge))

    def squares(self, rows: Squares, *, x: float, module: int) -> None:
        """Adds adjoining dark and light squares, each `module` pixels wide, and moves `top` below them."""
        self._marks.append(_Squares(x, self.top, module, rows))
        self.top += module * len(rows)

    @property
    def position(self) -> tuple[int, float]:
        return len(self._marks), self.top

    def back_to(self, position: tuple[int, float]) -> None:
        """Removes everything added since `position`."""
        marks, self.top = position
        del self._marks[marks:]

    @contextmanager
    def card(self, x: float, padding: float) -> Iterator[None]:
        """Puts everything added meanwhile on a card that leaves `x` pixels free on either side."""
        begun, top = len(self._marks), self.top
        self.top += padding
        yield
        self.top += padding
        self._marks.insert(begun, _Box(x, top, WIDTH - 2 * x, self.top - top, CARD, LINE))

    def png(self, background: str = PAPER, scale: float = 1, printed_at: int = _DPI) -> bytes:
        """The drawing as a PNG, enlarged by `scale`. `printed_at` is its print resolution in pixels per inch."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH / _DPI, self.top / _DPI), dpi=_DPI * scale, facecolor=background)
        FigureCanvasAgg(figure)
        for mark in self._marks:
            self._draw(figure, mark, scale)
        out = io.BytesIO()
        inch = {"dpi": (printed_at, printed_at)}
        figure.savefig(out, format="png", metadata={"Software": None}, pil_kwargs=inch)
        return out.getvalue()

    def _draw(self, figure: "Figure", mark: _Text | _Box | _Squares, scale: float) -> None:
        match mark:
            case _Text():
                self._draw_text(figure, mark)
            case _Box():
                self._draw_box(figure, mark, scale)
            case _Squares():
                self._draw_squares(figure, mark, scale)

    def _draw_text(self, figure: "Figure", mark: _Text) -> None:
        rtl = self.direction == "rtl"
        figure.text(
            (WIDTH - mark.x if rtl else mark.x) / WIDTH,
            1 - (mark.top + mark.style.size) / self.top,
            mark.text,
            ha="right" if rtl != mark.at_end else "left",
            va="baseline",
            color=mark.style.colour,
            fontproperties=_font(mark.style),
            parse_math=False,  # a "$" is a price
        )

    def _draw_squares(self, figure: "Figure", mark: _Squares, scale: float) -> None:
        """Draws pixel by pixel, because smoothed edges make a code harder to read for a camera."""
        import numpy as np

        light = ~np.array(mark.rows, dtype=bool)
        module = int(mark.module * scale)
        pixels = np.kron(light, np.ones((module, module)))
        spare = mark.module * scale * len(light) - len(pixels)
        left, bottom = mark.x * scale, (self.top - mark.top) * scale - len(pixels)
        at = round(left + spare / 2), round(bottom - spare / 2)
        figure.figimage(pixels, *at, cmap="gray", vmin=0, vmax=1, zorder=2)

    def _draw_box(self, figure: "Figure", mark: _Box, scale: float) -> None:
        from matplotlib.patches import FancyBboxPatch
        from matplotlib.transforms import Affine2D

        left = WIDTH - mark.x - mark.width if self.direction == "rtl" else mark.x
        figure.add_artist(
            FancyBboxPatch(
                (left, self.top - mark.top - mark.height),
                mark.width,
                mark.height,
                boxstyle=f"round,pad=0,rounding_size={min(18, mark.height / 2, mark.width / 2)}",
                facecolor=mark.fill,
                edgecolor=mark.edge,
                linewidth=2,
                linestyle="--" if mark.fill == "none" else "-",
                transform=Affine2D().scale(scale),
            )
        )


def can_draw(text: str) -> bool:
    """Whether matplotlib's own font has every letter of the text. It has Latin, Cyrillic, Greek and Arabic ones."""
    have = _letters()
    return all(ord(sign) in have or sign.isspace() or category(sign) == "Cf" for sign in text)


def width_of(text: str, style: Style) -> float:
    """The drawn width in pixels, with letters joined as in Arabic."""
    from matplotlib.font_manager import get_font

    font = get_font(_path(style.bold))
    font.set_size(style.size, _DPI)
    font.set_text(text)
    return font.get_width_height()[0] / 64  # FreeType counts in 64ths of a pixel


def wrap(text: str, style: Style, width: float) -> Iterator[str]:
    """Splits a text into lines no wider than `width` pixels. Only a word that is too wide itself is broken."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer, style) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while width_of(line, style) > width:
            fits = _letters_that_fit(line, style, width)
            yield line[:fits]
            line = line[fits:]
    if line:
        yield line


def _letters_that_fit(word: str, style: Style, width: float) -> int:
    fits = max(1, int(len(word) * width / width_of(word, style)))
    while fits > 1 and width_of(word[:fits], style) > width:
        fits -= 1
    return fits


@cache
def _path(bold: bool) -> Path:
    """DejaVu Sans from matplotlib's data, so that every machine draws the same picture."""
    from matplotlib import get_data_path

    return Path(get_data_path(), "fonts", "ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def _font(style: Style) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=_path(style.bold), size=style.size)


@cache
def _letters() -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(_path(bold=False)).get_charmap()) & frozenset(
        get_font(_path(bold=True)).get_charmap()
    )
