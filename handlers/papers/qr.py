"""The code on a poster that opens a page when a phone looks at it."""

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segno import QRCode

_QUIET = 4  # modules of white around it, as the standard asks


def join_qr_svg(address: str) -> str:
    """For print: sharp at any size, a quarter of it may be dirty or torn. As large as where it is put."""
    out = io.BytesIO()
    _code(address).save(
        out, kind="svg", border=_QUIET, light="white", xmldecl=False, omitsize=True, title=address
    )
    return out.getvalue().decode()


def join_qr_png(address: str, *, module: int = 12) -> bytes:
    """For a screen or a message; each module is `module` pixels wide."""
    out = io.BytesIO()
    _code(address).save(out, kind="png", border=_QUIET, scale=module)
    return out.getvalue()


def _code(address: str) -> "QRCode":
    import segno

    return segno.make(address, error="q", micro=False)  # phones' cameras do not read Micro QR
