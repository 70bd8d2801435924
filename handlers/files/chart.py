"""Results as a picture for a phone: a card for each question, a bar with its number for each answer."""

from collections.abc import Iterator

from conversations.core.i18n import Words
from conversations.results.counting import (
    QuestionResult,
    Results,
    TallyCell,
    bars,
    participants_sentence,
    sentences_beside_bars,
)
from handlers.files.canvas import DAMSON, EDGE, SOFT, TRACK, WIDTH, Canvas, Style, can_draw, width_of

TALLEST = 8_000  # pixels; Telegram rejects pictures whose width plus height exceeds 10,000

_MARGIN, _PAD, _GAP = 40, 44, 28
_START = _MARGIN + _PAD
_INSIDE = WIDTH - 2 * _START
_BAR = 34
_TITLE, _QUESTION = Style(52, bold=True), Style(42, bold=True)
_LABEL, _COUNT, _HIDDEN, _ASIDE = Style(36), Style(36, bold=True), Style(36, SOFT), Style(32, SOFT)


def results_png(results: Results, _: Words) -> bytes:
    """All questions as one PNG, 1,080 pixels wide, in the language and direction of `_`.

    With a single question it can be read without zooming. `result_sentences` says the same as text. If the font
    lacks a language's letters, numbers replace labels, and `key_in_words` explains them.
    """
    canvas = Canvas("rtl" if _.direction == "rtl" else "ltr", top=_MARGIN)
    canvas.text(_drawable(results.title, ""), _TITLE, x=_MARGIN, width=WIDTH - 2 * _MARGIN)
    canvas.text(
        _drawable(participants_sentence(results, _), ""), _ASIDE, x=_MARGIN, width=WIDTH - 2 * _MARGIN
    )
    for place, question in enumerate(results.questions, 1):
        before = canvas.position
        _add_card(canvas, question, place, _)
        if canvas.top > TALLEST:
            canvas.back_to(before)
            _add_rest(canvas, len(results.questions) - place + 1, _)
            break
    canvas.top += _MARGIN
    return canvas.png()


def _add_rest(canvas: Canvas, questions: int, _: Words) -> None:
    more = _.many("{n} more question is in the words.", "{n} more questions are in the words.", questions)
    canvas.top += _GAP
    canvas.text(_drawable(more, "…"), _ASIDE, x=_MARGIN, width=WIDTH - 2 * _MARGIN)


def key_in_words(results: Results) -> str:
    """What the numbers in the picture stand for, one line each; empty if it shows every label."""
    return "\n".join(_key_lines(results))


def _key_lines(results: Results) -> Iterator[str]:
    for place, question in enumerate(results.questions, 1):
        if not can_draw(question.label):
            yield f"{place}: {question.label}"
        for number, cell in enumerate(bars(question), 1):
            if not can_draw(cell.label):
                yield f"{place}.{number}: {cell.label}"


def _add_card(canvas: Canvas, question: QuestionResult, place: int, _: Words) -> None:
    canvas.top += _GAP
    with canvas.card(_MARGIN, _PAD):
        canvas.text(_drawable(question.label, f"{place}"), _QUESTION, x=_START, width=_INSIDE)
        for number, cell in enumerate(bars(question), 1):
            canvas.top += _GAP
            _add_bar(canvas, cell, f"{place}.{number}", question.base, _)
        canvas.top += _GAP if sentences_beside_bars(question, _) else 0
        for sentence in sentences_beside_bars(question, _):
            canvas.text(_drawable(sentence, ""), _ASIDE, x=_START, width=_INSIDE)


def _add_bar(canvas: Canvas, cell: TallyCell, number: str, base: int, _: Words) -> None:
    """Adds a bar with its label and count above it, because a phone has no room beside it."""
    if cell.count is None:
        said, style = _drawable(_("hidden"), "–"), _HIDDEN
    else:
        said, style = (
            _drawable(_("{n} of {total}", n=cell.count, total=base), f"{cell.count} / {base}"),
            _COUNT,
        )
    canvas.at_end(said, style, x=_START + _INSIDE, top=canvas.top)
    canvas.text(_drawable(cell.label, number), _LABEL, x=_START, width=_INSIDE - width_of(said, style) - _GAP)
    canvas.top += 8
    if cell.count is None:
        canvas.box(_START, canvas.top, _INSIDE, _BAR, "none", EDGE)
    else:
        canvas.box(_START, canvas.top, _INSIDE, _BAR, TRACK)
        if cell.count:
            canvas.box(_START, canvas.top, max(_INSIDE * cell.count / base, 6), _BAR, DAMSON)
    canvas.top += _BAR


def _drawable(text: str, instead: str) -> str:
    """The text, or `instead` if the font lacks its letters."""
    return text if can_draw(text) else instead
