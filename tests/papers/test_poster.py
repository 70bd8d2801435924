"""The poster: its code can be read from the picture, and it is a sheet of paper."""

import io
import math
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from conversations.words import Words
from handlers.papers.poster import modules, poster_png

ADDRESS = "https://heard.example.org/j/BUSES"


def drawn(title: str = "Buses after school", address: str = ADDRESS, language: str = "en") -> Image.Image:
    words = Words(language, "normal", NullTranslations(), ZoneInfo("Europe/London"))
    return Image.open(io.BytesIO(poster_png(title, address, "Sampleshire Youth Voice", words))).convert("L")


def code_in(picture: np.ndarray, rows: int) -> np.ndarray:
    """The squares of the code, found by the three dark corners that every such code has."""
    module = 600 // rows
    left = round((picture.shape[1] - module * rows) / 2) + module // 2
    for top in range(picture.shape[0] - module * rows):
        seen = picture[top : top + module * rows : module, left : left + module * rows : module] < 128
        if seen.shape == (rows, rows) and seen[4, 4:11].all() and not seen[:4].any() and seen[4:11, 4].all():
            return seen
    raise AssertionError("no code in the picture")


@pytest.mark.parametrize(
    "address", [ADDRESS, "http://127.0.0.1:8080/j/sample-buses", f"https://a.example/j/{'x' * 32}"]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_camera_finds_the_address_in_it(address, language):
    expected = np.array(modules(address))
    assert (code_in(np.asarray(drawn(address=address, language=language)), len(expected)) == expected).all()


def test_it_is_a_sheet_of_paper_and_grows_for_a_long_title():
    width, height = drawn().size
    assert height / width == pytest.approx(math.sqrt(2), abs=0.01)
    assert drawn("A very long title that goes on and on " * 6).size[1] > height
