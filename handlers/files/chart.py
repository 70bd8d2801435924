"""Results as a picture for a phone: a card for each question, a bar for each answer, every bar with its number."""

from collections.abc import Iterator

from conversations.core.i18n import Words
from conversations.results.counting import Cell, QuestionResult, Results, bars, besides_bars, took_part
from handlers.files.canvas import DAMSON, EDGE, SOFT, TRACK, WIDTH, Sheet, Style, can_draw, width_of

TALLEST = 8_000  # pixels; Telegram takes no picture whose width and height make more than 10,000

_MARGIN, _PAD, _GAP = 40, 44, 28
_START = _MARGIN + _PAD
_INSIDE = WIDTH - 2 * _START
_BAR = 34
_TITLE, _QUESTION = Style(52, bold=True), Style(42, bold=True)
_LABEL, _COUNT, _HIDDEN, _ASIDE = Style(36), Style(36, bold=True), Style(36, SOFT), Style(32, SOFT)


def results_png(results: Results, _: Words) -> bytes:
    """All questions on one picture, 1,080 pixels wide, in the words' language and direction.

    Give it the results with one question for a picture that is read without zooming. What it shows stands
    in `in_words`; where the font lacks a language's letters, numbers stand for labels, and
    `key_in_words` says which is which.
    """
    sheet = Sheet("rtl" if _.direction == "rtl" else "ltr", top=_MARGIN)
    sheet.text(_seen(results.title, ""), _TITLE, x=_MARGIN, width=WIDTH - 2 * _MARGIN)
    sheet.text(_seen(took_part(results, _), ""), _ASIDE, x=_MARGIN, width=WIDTH - 2 * _MARGIN)
    for place, question in enumerate(results.questions, 1):
        before = sheet.here
        _card(sheet, question, place, _)
        if sheet.top > TALLEST:
            sheet.back_to(before)
            _rest(sheet, len(results.questions) - place + 1, _)
            break
    sheet.top += _MARGIN
    return sheet.png()


def _rest(sheet: Sheet, questions: int, _: Words) -> None:
    more = _.many("{n} more question is in the words.", "{n} more questions are in the words.", questions)
    sheet.top += _GAP
    sheet.text(_seen(more, "…"), _ASIDE, x=_MARGIN, width=WIDTH - 2 * _MARGIN)


def key_in_words(results: Results) -> str:
    """What the picture's numbers stand for, a line each; empty where it shows every label itself."""
    return "\n".join(_key(results))


def _key(results: Results) -> Iterator[str]:
    for place, question in enumerate(results.questions, 1):
        if not can_draw(question.label):
            yield f"{place}: {question.label}"
        for number, cell in enumerate(bars(question), 1):
            if not can_draw(cell.label):
                yield f"{place}.{number}: {cell.label}"


def _card(sheet: Sheet, question: QuestionResult, place: int, _: Words) -> None:
    sheet.top += _GAP
    with sheet.card(_MARGIN, _PAD):
        sheet.text(_seen(question.label, f"{place}"), _QUESTION, x=_START, width=_INSIDE)
        for number, cell in enumerate(bars(question), 1):
            sheet.top += _GAP
            _bar(sheet, cell, f"{place}.{number}", question.base, _)
        sheet.top += _GAP if besides_bars(question, _) else 0
        for sentence in besides_bars(question, _):
            sheet.text(_seen(sentence, ""), _ASIDE, x=_START, width=_INSIDE)


def _bar(sheet: Sheet, cell: Cell, number: str, base: int, _: Words) -> None:
    """The label and its count over the bar: beside it there is no room on a phone."""
    if cell.count is None:
        said, style = _seen(_("hidden"), "–"), _HIDDEN
    else:
        said, style = _seen(_("{n} of {total}", n=cell.count, total=base), f"{cell.count} / {base}"), _COUNT
    sheet.at_end(said, style, x=_START + _INSIDE, top=sheet.top)
    sheet.text(_seen(cell.label, number), _LABEL, x=_START, width=_INSIDE - width_of(said, style) - _GAP)
    sheet.top += 8
    if cell.count is None:
        sheet.box(_START, sheet.top, _INSIDE, _BAR, "none", EDGE)
    else:
        sheet.box(_START, sheet.top, _INSIDE, _BAR, TRACK)
        if cell.count:
            sheet.box(_START, sheet.top, max(_INSIDE * cell.count / base, 6), _BAR, DAMSON)
    sheet.top += _BAR


def _seen(text: str, instead: str) -> str:
    """The text, or what stands for it where the font lacks its letters."""
    return text if can_draw(text) else instead
