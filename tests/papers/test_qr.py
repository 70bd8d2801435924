"""The code on a poster."""

import io
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import segno
from PIL import Image

from handlers.papers.qr import join_qr_png, join_qr_svg

ADDRESS = "https://heard.example.org/j/BUSES"


def test_the_picture_shows_the_address_s_modules_with_white_around_them():
    picture = np.asarray(Image.open(io.BytesIO(join_qr_png(ADDRESS, module=10))).convert("L"))
    modules = picture[5::10, 5::10] < 128
    expected = np.array([list(row) for row in segno.make(ADDRESS, error="q", micro=False).matrix], dtype=bool)
    assert (modules[4:-4, 4:-4] == expected).all()
    assert not modules[:4].any()
    assert not modules[:, :4].any()


def test_the_drawing_fills_the_place_it_is_put_in_and_says_where_it_leads():
    svg = ET.fromstring(join_qr_svg(ADDRESS))
    assert svg.get("viewBox") == "0 0 41 41"
    assert svg.get("width") is None
    assert svg.findtext("{http://www.w3.org/2000/svg}title") == ADDRESS


@pytest.mark.parametrize("address", ["https://a.example/j/X?a=1&b=<2>", "https://a.example/j/Ż"])
def test_signs_of_markup_in_an_address_stay_signs(address):
    assert ET.fromstring(join_qr_svg(address)).findtext("{http://www.w3.org/2000/svg}title") == address
