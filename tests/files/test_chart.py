"""The picture of results: right for a phone, in every script that the font knows, and honest about the rest."""

import io
import sys
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image

from conversations.consultations.form import Shape
from conversations.core.i18n import Words
from conversations.results.counting import QuestionResult, Results, TallyCell, hide_small
from handlers.files.canvas import (
    CARD,
    DAMSON,
    INK,
    PAPER,
    SOFT,
    TRACK,
    WIDTH,
    Canvas,
    Style,
    can_draw,
    width_of,
    wrap,
)
from handlers.files.chart import key_in_words, results_png

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
AR = Words("ar", "normal", NullTranslations(), ZoneInfo("Europe/London"))
STYLE = Style(36)


def question(*counts: int | None, labels: tuple[str, ...] = (), label: str = "How safe?") -> QuestionResult:
    labels = labels or tuple(f"Answer {place}" for place in range(len(counts)))
    cells = tuple(
        TallyCell(str(i), text, count) for i, (text, count) in enumerate(zip(labels, counts, strict=True))
    )
    return QuestionResult("safe", Shape.OPTION, label, 22, 22, 0, cells)


def pixels(png: bytes) -> np.ndarray:
    """Height × width × red, green, blue."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def drawn(*questions: QuestionResult, words: Words = EN) -> np.ndarray:
    return pixels(results_png(Results("Buses after school", 22, questions), words))


def has(picture: np.ndarray, colour: str) -> np.ndarray:
    return (picture == list(bytes.fromhex(colour[1:]))).all(axis=2)


def bar_lengths(picture: np.ndarray, colour: str = DAMSON) -> list[int]:
    """The pixels of this colour in each bar, at its middle, from top to bottom."""
    rows = has(picture, colour).sum(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows > 0, [0]))))
    return [int(rows[(first + end) // 2]) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def test_a_bar_is_as_long_as_its_part_of_the_people():
    half, quarter = bar_lengths(drawn(question(11, 5, 0)))
    (full,) = bar_lengths(drawn(question(22)))
    assert half / full == pytest.approx(11 / 22, abs=0.01)
    assert quarter / full == pytest.approx(5 / 22, abs=0.01)


def test_the_picture_is_as_wide_as_a_phone_on_the_pages_background():
    picture = drawn(question(14, 8))
    assert picture.shape[1] == WIDTH == 1080
    assert has(picture, PAPER)[2, 2]


def test_a_hidden_cell_has_no_bar():
    picture = drawn(question(12, None, None))
    assert len(bar_lengths(picture)) == 1
    assert len(bar_lengths(picture, TRACK)) == 1


def test_nobody_is_an_empty_bar():
    picture = drawn(question(0))
    assert bar_lengths(picture) == []
    assert len(bar_lengths(picture, TRACK)) == 1


def test_right_to_left_bars_begin_on_the_right():
    left, right = (
        np.flatnonzero(has(drawn(question(6), words=words), DAMSON).any(axis=0)) for words in (EN, AR)
    )
    assert left[0] < 100
    assert right[-1] > WIDTH - 100
    assert len(left) == len(right)


def test_arabic_letters_are_joined_as_they_are_written():
    """Five separate letters are wider than the joined word."""
    word = "السلام"
    apart = sum(width_of(letter, STYLE) for letter in word)
    assert width_of(word, STYLE) < 0.8 * apart


def test_arabic_is_drawn_from_right_to_left():
    """An alef, which is tall, and then a flat line: the tall end is on the right."""
    sheet = Canvas("rtl", top=20)
    sheet.text("اـــــــــ", Style(100), x=50, width=900)
    ink = has(pixels(sheet.png()), INK)
    written = np.flatnonzero(ink.any(axis=0))
    heights = ink.sum(axis=0)
    assert written[-1] > WIDTH - 100
    assert heights[written[-30:]].max() > 3 * heights[written[:30]].max()


@pytest.mark.parametrize(
    "text",
    [
        "Zażółć gęślą jaźń",
        "Ąžuolėlį",
        "Підтвердження ґ",
        "Ação",
        "Știință",
        "ليس آمنًا جدًا",
        "سەلامەت",
        "isolated \u2068١٤\u2069",
    ],
)
def test_these_languages_are_drawn(text):
    assert can_draw(text)


def test_if_glyphs_are_missing_numbers_replace_labels_and_a_key_explains_them():
    result = question(14, 8, labels=("સલામત", "Not safe"), label="બસ?")
    assert not can_draw("બસ?")
    assert len(bar_lengths(drawn(result))) == 2  # a warning about a missing glyph would fail this test
    assert key_in_words(Results("t", 22, (result,))) == "1: બસ?\n1.1: સલામત"


def test_drawable_labels_need_no_key():
    assert key_in_words(Results("t", 22, (question(14, 8),))) == ""


def test_a_dollar_is_a_dollar():
    drawn(question(14, 8, labels=("$5 or $6", r"\frac{1}{2} $x^$")))


def test_long_words_are_split_and_no_line_is_too_wide():
    text = "Donaudampfschifffahrtsgesellschaftskapitän " * 2 + "x" * 200
    lines = list(wrap(text, STYLE, 400))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line, STYLE) <= 400 for line in lines)


def test_a_long_label_makes_the_card_taller_and_stays_on_it():
    short, tall = drawn(question(14)), drawn(question(14, labels=("word " * 60,)))
    assert tall.shape[0] > short.shape[0]
    assert has(tall, CARD)[250:-150, WIDTH - 50].all()


def test_a_picture_of_thirty_questions_stays_within_telegrams_limits():
    height, width, _colours = drawn(*[question(14, 8)] * 40).shape
    assert width + height <= 10_000


def test_a_consultation_of_few_is_a_picture_that_says_so():
    few = hide_small(Results("Buses after school", 5, (question(5),)))
    picture = pixels(results_png(few, EN))
    assert bar_lengths(picture, TRACK) == []
    assert has(picture, SOFT).any()


def test_the_same_results_make_the_same_picture_and_no_window_is_kept():
    assert (drawn(question(14, 8)) == drawn(question(14, 8))).all()
    assert "matplotlib.pyplot" not in sys.modules
