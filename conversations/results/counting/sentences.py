"""Results in plain sentences, with numbers as people see them: "14 of 22 people said Not very safe."."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from babel.lists import format_list
from babel.numbers import format_decimal

from conversations.consultations.form import Shape
from conversations.core.i18n import Words
from conversations.results.counting.tallies import QuestionResult, Results, TallyCell

MOST_NUMBERS = 12  # different numbers given to one question, beyond which only the average says something


def in_words(result: QuestionResult, _: Words) -> tuple[str, ...]:
    """One question's results, without the question itself: a sentence each, for one line each."""
    if result.withheld or result.answered == 0:
        return besides_bars(result, _)
    cells = (
        _cell(cell, cell.count, result.base, _)
        for cell in bars(result)
        if cell.count or (cell.count == 0 and not _is_number(result))
    )
    return (*_before(result, _), *cells, *_after(result, _))


def bars(result: QuestionResult) -> tuple[TallyCell, ...]:
    """The cells worth a bar each: of a hundred different numbers, none."""
    return () if _is_number(result) and len(result.cells) > MOST_NUMBERS else result.cells


def besides_bars(result: QuestionResult, _: Words) -> tuple[str, ...]:
    """What a picture of the bars does not say: averages, what is hidden, and who did not answer."""
    if result.withheld:
        return tuple(_withheld(result, _))
    if result.answered == 0:
        return (_("Nobody has answered this one."),)
    return (*_before(result, _), *_after(result, _))


def _is_number(result: QuestionResult) -> bool:
    return result.shape is Shape.NUMBER


def took_part(results: Results, _: Words) -> str:
    """How many people took part, or that they were too few to show anything."""
    if results.people is None:
        return _(
            "Fewer than {n} people took part, so we don't show what they said.",
            n=results.smallest,
        )
    return _.many("{n} person took part.", "{n} people took part.", results.people)


def counted_at(at: datetime | None, _: Words) -> tuple[str, ...]:
    """When it was counted, where that was a while ago."""
    return (_("Counted {moment}.", moment=_.date_time(at)),) if at else ()


def _withheld(result: QuestionResult, _: Words) -> Iterator[str]:
    if result.answered is None:
        yield _("We don't show this one, so that nobody can be picked out.")
    else:
        yield _.many("{n} person answered.", "{n} people answered.", result.answered)
        yield _("We don't show what they said, so that nobody can be picked out.")


def _before(result: QuestionResult, _: Words) -> Iterator[str]:
    match result.shape:
        case Shape.TEXT:
            yield _.many("{n} person wrote something.", "{n} people wrote something.", result.base)
        case Shape.TICK:
            people, agreed = result.people, result.base
            yield _.many(
                "{count} of {n} person said OK.", "{count} of {n} people said OK.", people, count=agreed
            )
        case Shape.NUMBER:
            yield from _average(result, _)
        case Shape.OPTIONS:
            yield _("People could choose more than one.")
        case Shape.OPTION | Shape.NOTHING:
            pass
        case _:
            assert_never(result.shape)


def _average(result: QuestionResult, _: Words) -> Iterator[str]:
    if result.answered is not None:
        yield _.many("{n} person answered.", "{n} people answered.", result.answered)
    if result.mean is not None:
        yield _("The average is {mean}.", mean=format_decimal(result.mean, "0.0", locale=_.language))
    if result.lowest is not None and result.highest is not None:
        lowest, highest = result.lowest, result.highest
        yield _("The lowest is {lowest}, the highest is {highest}.", lowest=lowest, highest=highest)


def _cell(cell: TallyCell, count: int, base: int, _: Words) -> str:
    if count == 0:
        return _("Nobody said {label}.", label=cell.label)
    return _.many(
        "{count} of {n} person said {label}.",
        "{count} of {n} people said {label}.",
        base,
        count=count,
        label=cell.label,
    )


def _after(result: QuestionResult, _: Words) -> Iterator[str]:
    hidden = [cell.label for cell in result.cells if cell.count is None]
    labels = format_list(hidden, style="or", locale=_.language)
    if hidden and result.shape is Shape.OPTIONS:
        yield _("We hide these numbers, so that nobody can be picked out: {labels}.", labels=labels)
    elif hidden:
        yield _together(result, labels, _)
        yield _("We hide the exact numbers, so that nobody can be picked out.")
    yield from _skipped(result, _)


def _together(result: QuestionResult, labels: str, _: Words) -> str:
    """The hidden cells as one number. It is what is left of the total, so it gives nothing away."""
    together = result.base - sum(cell.count or 0 for cell in result.cells)
    if result.answered is None:
        return _.many(
            "{n} person said {labels}, or did not answer.",
            "{n} people said {labels}, or did not answer.",
            together,
            labels=labels,
        )
    return _.many("{n} person said {labels}.", "{n} people said {labels}.", together, labels=labels)


def _skipped(result: QuestionResult, _: Words) -> Iterator[str]:
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
