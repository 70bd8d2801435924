"""Results as plain sentences: "14 of 22 people said Not very safe."."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from babel.lists import format_list
from babel.numbers import format_decimal

from conversations.consultations.form import Shape
from conversations.core.i18n import Words
from conversations.results.counting.tallies import QuestionResult, Results, TallyCell

MOST_NUMBERS = 12  # different numbers; with more, only the average is shown


def result_sentences(result: QuestionResult, _: Words) -> tuple[str, ...]:
    """One question's results, one sentence a line, without the question itself."""
    if result.withheld or result.answered == 0:
        return sentences_beside_bars(result, _)
    cells = (
        _cell_sentence(cell, cell.count, result.base, _)
        for cell in bars(result)
        if cell.count or (cell.count == 0 and not _is_number(result))
    )
    return (*_leading_sentences(result, _), *cells, *_closing_sentences(result, _))


def bars(result: QuestionResult) -> tuple[TallyCell, ...]:
    """The cells to draw as bars; none if there are more than `MOST_NUMBERS` different numbers."""
    return () if _is_number(result) and len(result.cells) > MOST_NUMBERS else result.cells


def sentences_beside_bars(result: QuestionResult, _: Words) -> tuple[str, ...]:
    """What the bars do not show: averages, hidden numbers, and how many did not answer."""
    if result.withheld:
        return tuple(_withheld_sentences(result, _))
    if result.answered == 0:
        return (_("Nobody has answered this one."),)
    return (*_leading_sentences(result, _), *_closing_sentences(result, _))


def _is_number(result: QuestionResult) -> bool:
    return result.shape is Shape.NUMBER


def participants_sentence(results: Results, _: Words) -> str:
    """How many people took part, or that there were too few to show anything."""
    if results.people is None:
        return _(
            "Fewer than {n} people took part, so we don't show what they said.",
            n=results.smallest,
        )
    return _.many("{n} person took part.", "{n} people took part.", results.people)


def counted_at_lines(at: datetime | None, _: Words) -> tuple[str, ...]:
    """The time of counting; empty if it was just now (None)."""
    return (_("Counted {moment}.", moment=_.date_time(at)),) if at else ()


def _withheld_sentences(result: QuestionResult, _: Words) -> Iterator[str]:
    if result.answered is None:
        yield _("We don't show this one, so that nobody can be picked out.")
    else:
        yield _.many("{n} person answered.", "{n} people answered.", result.answered)
        yield _("We don't show what they said, so that nobody can be picked out.")


def _leading_sentences(result: QuestionResult, _: Words) -> Iterator[str]:
    match result.shape:
        case Shape.TEXT:
            yield _.many("{n} person wrote something.", "{n} people wrote something.", result.base)
        case Shape.TICK:
            people, agreed = result.people, result.base
            yield _.many(
                "{count} of {n} person said OK.", "{count} of {n} people said OK.", people, count=agreed
            )
        case Shape.NUMBER:
            yield from _average_sentences(result, _)
        case Shape.OPTIONS:
            yield _("People could choose more than one.")
        case Shape.OPTION | Shape.NOTHING:
            pass
        case _:
            assert_never(result.shape)


def _average_sentences(result: QuestionResult, _: Words) -> Iterator[str]:
    if result.answered is not None:
        yield _.many("{n} person answered.", "{n} people answered.", result.answered)
    if result.mean is not None:
        yield _("The average is {mean}.", mean=format_decimal(result.mean, "0.0", locale=_.language))
    if result.lowest is not None and result.highest is not None:
        lowest, highest = result.lowest, result.highest
        yield _("The lowest is {lowest}, the highest is {highest}.", lowest=lowest, highest=highest)


def _cell_sentence(cell: TallyCell, count: int, base: int, _: Words) -> str:
    if count == 0:
        return _("Nobody said {label}.", label=cell.label)
    return _.many(
        "{count} of {n} person said {label}.",
        "{count} of {n} people said {label}.",
        base,
        count=count,
        label=cell.label,
    )


def _closing_sentences(result: QuestionResult, _: Words) -> Iterator[str]:
    hidden = [cell.label for cell in result.cells if cell.count is None]
    labels = format_list(hidden, style="or", locale=_.language)
    if hidden and result.shape is Shape.OPTIONS:
        yield _("We hide these numbers, so that nobody can be picked out: {labels}.", labels=labels)
    elif hidden:
        yield _hidden_sentence(result, labels, _)
        yield _("We hide the exact numbers, so that nobody can be picked out.")
    yield from _skipped_sentences(result, _)


def _hidden_sentence(result: QuestionResult, labels: str, _: Words) -> str:
    """The hidden cells as one number. It is the rest of the total, so it reveals nothing new."""
    together = result.base - sum(cell.count or 0 for cell in result.cells)
    if result.answered is None:
        return _.many(
            "{n} person said {labels}, or did not answer.",
            "{n} people said {labels}, or did not answer.",
            together,
            labels=labels,
        )
    return _.many("{n} person said {labels}.", "{n} people said {labels}.", together, labels=labels)


def _skipped_sentences(result: QuestionResult, _: Words) -> Iterator[str]:
    if not result.skipped or result.shape is Shape.TICK:
        return
    if result.depends_on:
        yield _.many(
            "{n} person was not asked, or did not answer.",
            "{n} people were not asked, or did not answer.",
            result.skipped,
        )
    else:
        yield _.many("{n} person did not answer.", "{n} people did not answer.", result.skipped)
