"""Re-encodes a picture from staff in a sandboxed subprocess: as a smaller JPEG without metadata."""

import io
import sys

from conversations.core.events import SafePicture
from conversations.core.i18n import N_
from handlers.files.sandbox import Crashed, TooSlow, limit, run_in_subprocess

MOST_BYTES = 10 * 1024 * 1024
MOST_SIDE = 1600  # pixels, of what is kept
_MOST_PIXELS = 50_000_000  # of the input: more would not fit into memory
_KINDS = ("JPEG", "PNG", "WEBP", "GIF", "MPO")
_QUALITY = 85

TOO_BIG = N_("This picture is too big. It may have up to 10 MB. Send a smaller one.")
UNREADABLE = N_("I can't read this picture. Send it as a JPEG or a PNG.")
TOO_LONG = N_("This picture takes too long to read. Send a smaller one.")


async def safe_picture(data: bytes, *, seconds: float = 20) -> SafePicture:
    """The safe picture, or why it was rejected. Never raises because of the content."""
    if len(data) > MOST_BYTES:
        return SafePicture(problem=TOO_BIG)
    try:
        return SafePicture(await run_in_subprocess("handlers.files.picture", data, seconds))
    except TooSlow:
        return SafePicture(problem=TOO_LONG)
    except Crashed:
        return SafePicture(problem=UNREADABLE)


def reencode(data: bytes) -> bytes:
    """The picture as an upright JPEG, at most 1,600 pixels a side, without metadata (place, time, camera, thumbnail).
    Raises if it is not a supported picture.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2  # Pillow rejects pictures with more than twice as many
    with Image.open(io.BytesIO(data), formats=_KINDS) as sent:
        sent.draft("RGB", (MOST_SIDE, MOST_SIDE))  # decodes a large JPEG at a smaller scale
        upright = ImageOps.exif_transpose(sent).convert("RGBA")
    upright.thumbnail((MOST_SIDE, MOST_SIDE))
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(reencode(sys.stdin.buffer.read()))
