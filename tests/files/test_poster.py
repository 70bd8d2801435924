"""The poster: its code can be read from the picture, and it has the size of a sheet."""

import io
import math
from functools import cache
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from conversations.core.i18n import Words
from handlers.files.poster import Poster, code_modules, poster_png

ADDRESS = "https://heard.example.org/j/BUSES"
FACTS = ("Who decides: the councillor for transport.", "Open until Friday 20 December.")


@cache
def drawn(
    title: str = "Buses after school", address: str = ADDRESS, language: str = "en", facts=FACTS
) -> Image.Image:
    words = Words(language, "normal", NullTranslations(), ZoneInfo("Europe/London"))
    poster = Poster(title, address, "Sampleshire Youth Voice", facts)
    return Image.open(io.BytesIO(poster_png(poster, words))).convert("L")


def code_in(picture: np.ndarray, rows: int) -> tuple[int, np.ndarray]:
    """The code's position and its squares, found by the three corners that every QR code has."""
    module = int(520 // rows * 2480 / 1080)
    left = round((picture.shape[1] - module * rows) / 2) + module // 2
    for top in range(picture.shape[0] - module * rows):
        seen = picture[top : top + module * rows : module, left : left + module * rows : module] < 128
        if seen.shape == (rows, rows) and seen[4, 4:11].all() and not seen[:4].any() and seen[4:11, 4].all():
            return top, seen
    raise AssertionError("no code in the picture")


@pytest.mark.parametrize(
    "address", [ADDRESS, "http://127.0.0.1:8080/j/sample-buses", f"https://a.example/j/{'x' * 32}"]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_camera_finds_the_address_in_it(address, language):
    expected = np.array(code_modules(address))
    _, seen = code_in(np.asarray(drawn(address=address, language=language)), len(expected))
    assert (seen == expected).all()


def test_it_is_a_sheet_of_paper_and_grows_for_a_long_title():
    poster = drawn("Sample: buses after school")
    width, height = poster.size
    assert (width, round(poster.info["dpi"][0])) == (2480, 300)
    assert height / width == pytest.approx(math.sqrt(2), abs=0.01)
    assert drawn("A very long title that goes on and on " * 6).size[1] > height


def test_it_is_white_so_that_a_printer_leaves_the_paper_as_it_is():
    picture = np.asarray(drawn())
    assert (picture[:150] == 255).all()
    assert (picture == 255).mean() > 0.8


def test_who_decides_and_until_when_are_above_the_code():
    rows = len(code_modules(ADDRESS))
    with_facts, without = (code_in(np.asarray(drawn(facts=facts)), rows)[0] for facts in (FACTS, ()))
    assert with_facts > without + 100
