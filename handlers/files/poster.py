"""A consultation's poster, with its title and a QR code that opens it."""

import math
from collections.abc import Sequence

from conversations.core.i18n import Words
from conversations.core.record import Record, field
from handlers.files.canvas import DAMSON, LINE, SOFT, WIDTH, Canvas, Squares, Style, width_of

_MARGIN = 96
_TALL = round(WIDTH * math.sqrt(2))  # the ratio of A4
_CODE = 520  # pixels: the maximum width with its white border
_QUIET = 4  # modules of white border, as the QR standard requires
_PAPER = "#ffffff"  # a tint would only cost ink
_PRINTED_AT, _PRINTED_WIDE = 300, 2480  # pixels per inch, and the width of A4 in pixels

_CALL, _TITLE = Style(44, DAMSON, bold=True), Style(76, bold=True)
_FACT, _TEAM = Style(34), Style(30, SOFT)
_ADDRESS_SIZES = range(44, 20, -2)


class Poster(Record):
    """The texts of a poster. `facts` are its own lines: who decides, how long it is open."""

    title: str
    address: str
    organisation: str
    facts: Sequence[str] = field(default=())


def poster_png(poster: Poster, _: Words) -> bytes:
    """The poster as a PNG for A4 or a screen, in the direction of `_`; 2,480 pixels wide, on white."""
    canvas = Canvas("rtl" if _.direction == "rtl" else "ltr", top=_MARGIN)
    wide = WIDTH - 2 * _MARGIN
    canvas.text(_("Say what you think."), _CALL, x=_MARGIN, width=wide)
    canvas.text(poster.title, _TITLE, x=_MARGIN, width=wide)
    for fact in poster.facts:
        canvas.text(fact, _FACT, x=_MARGIN, width=wide)
    canvas.top += 40
    _add_code(canvas, poster.address)
    canvas.top += 28
    shown = poster.address.removeprefix("https://")
    canvas.text(shown, _address_style(shown, wide), x=_MARGIN, width=wide)
    canvas.top += 20
    for fact in (
        _("Point your phone's camera at the square."),
        _("No name, no email, no password."),
        _("Skip anything. Stop at any time. Delete it all if you want."),
    ):
        canvas.text(fact, _FACT, x=_MARGIN, width=wide)
    canvas.top = max(canvas.top + _MARGIN, _TALL - _MARGIN - _TEAM.line)
    canvas.text(_("Run by {organisation}.", organisation=poster.organisation), _TEAM, x=_MARGIN, width=wide)
    canvas.top += _MARGIN
    return canvas.png(_PAPER, _PRINTED_WIDE / WIDTH, _PRINTED_AT)


def _address_style(address: str, wide: float) -> Style:
    """The largest style that fits on one line, because people without a camera type the address."""
    styles = [Style(size, bold=True) for size in _ADDRESS_SIZES]
    return next((style for style in styles if width_of(address, style) <= wide), styles[-1])


def _add_code(canvas: Canvas, address: str) -> None:
    rows = code_modules(address)
    module = _CODE // len(rows)
    size = module * len(rows)
    left = (WIDTH - size) / 2
    canvas.box(left - 12, canvas.top - 12, size + 24, size + 24, _PAPER, LINE)
    canvas.squares(rows, x=left, module=module)


def code_modules(address: str) -> Squares:
    """The QR code for an address, with its white border. It can be read with a quarter of it damaged."""
    import segno

    found = segno.make(address, error="q", micro=False)  # phone cameras cannot read Micro QR
    return tuple(tuple(bool(module) for module in row) for row in found.matrix_iter(border=_QUIET))
