"""A picture from staff: re-encoded, small and without metadata; or refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from handlers.files import picture
from handlers.files.picture import TOO_BIG, TOO_LONG, UNREADABLE, safe_picture

SECRET = "Olga's phone, 52.9548 N"


def encoded(image: Image.Image, kind: str, **more) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def from_a_phone(width: int = 4000, height: int = 3000) -> bytes:
    """A photo as a phone makes it: rotated, with its location, its camera and a comment in it."""
    image = Image.new("RGB", (width, height), "red")
    image.paste((0, 0, 255), (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[Base.Make], exif[Base.ImageDescription], exif[Base.Orientation] = SECRET, SECRET, 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (52.0, 57.0, 17.0)
    return encoded(image, "JPEG", exif=exif, comment=SECRET.encode(), quality=90)


async def made(data: bytes) -> Image.Image:
    found = await safe_picture(data)
    assert not found.problem
    image = Image.open(io.BytesIO(found.content))
    image.load()
    return image


async def test_only_the_image_is_left_upright_and_small():
    sent = from_a_phone()
    assert SECRET.encode() in sent
    found = await safe_picture(sent)
    assert SECRET.encode() not in found.content
    image = await made(sent)
    assert (image.format, image.size) == ("JPEG", (1200, 1600))
    assert not image.getexif()
    assert not {"comment", "exif", "xmp", "icc_profile", "photoshop"} & image.info.keys()
    top, bottom = image.getpixel((600, 20)), image.getpixel((600, 1580))
    assert top[2] > 200 > top[0], "turned as the phone was held: blue is on top"
    assert bottom[0] > 200 > bottom[2]


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P"), ("JPEG", "CMYK"), ("PNG", "I;16")],
)
async def test_pictures_from_phones_and_programs_are_read(kind, mode):
    image = await made(encoded(Image.new(mode, (30, 20)), kind))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (30, 20))


async def test_transparency_becomes_white():
    image = await made(encoded(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), "PNG"))
    assert min(image.getpixel((5, 5))) > 250


def a_bomb() -> bytes:
    """A PNG of a few kilobytes that says that it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9_000_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        b"PK\x03\x04 a workbook",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_bomb(),
    ],
    ids=["nothing", "words", "pdf", "zip", "svg", "bomb"],
)
async def test_what_is_no_picture_is_refused_in_words(data):
    assert (await safe_picture(data)).problem == UNREADABLE


async def test_half_a_picture_is_refused():
    sent = from_a_phone(400, 300)
    assert (await safe_picture(sent[: len(sent) // 2])).problem == UNREADABLE


async def test_a_picture_that_is_too_big_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(picture, "run_in_subprocess", None)
    assert (await safe_picture(b"x" * (picture.MOST_BYTES + 1))).problem == TOO_BIG


async def test_a_parser_that_takes_too_long_is_killed():
    assert (await safe_picture(from_a_phone(), seconds=0.01)).problem == TOO_LONG
