"""Hides small numbers in results, so that nobody can be identified from what is published.

docs/decisions/0005-small-numbers.md gives the rule, its purpose and its price.
"""

from itertools import pairwise

from conversations.consultations.form import Shape
from conversations.core.record import Record, replace
from conversations.results.counting.tallies import QuestionResult, Results

FLOOR = 5  # the lowest small number that a team may set


def hide_small(results: Results, smallest: int = 6) -> Results:
    """Returns what may be published of true results. The same results always lose the same cells.

    `smallest` is the smallest number that is shown. Raises ValueError if it is under `FLOOR`.
    """
    if smallest < FLOOR:
        raise ValueError(f"the small number may not be under {FLOOR}")
    if results.people is None or results.people < smallest:
        return Results(results.title, None, (), smallest)
    obscured: set[str] = set()
    published = []
    for question in results.questions:
        safe = _hide_in_question(question, smallest, obscured)
        if safe != question:
            obscured.add(question.name)
        published.append(safe)
    return Results(results.title, results.people, tuple(published), smallest)


class _Table(Record):
    """One question's true numbers, to be checked against the small number. People who skipped count as a last cell."""

    counts: tuple[int, ...]
    people: int
    answered: int
    smallest: int
    several: bool  # a person may be in more than one cell

    def is_small(self, n: int) -> bool:
        return 0 < n < self.smallest

    @property
    def few_skipped(self) -> bool:
        return self.is_small(self.people - self.answered)

    @property
    def few_answered(self) -> bool:
        """Whether few people answered, or might have: a hidden number of people who skipped hides this number too."""
        most_skipped = self.smallest - 1 if self.few_skipped else 0
        return self.is_small(self.answered) or self.people - most_skipped < self.smallest

    def is_revealing(self, count: int) -> bool:
        """Whether this cell alone reveals a small group: the people in it or, with several choices, those outside it."""
        if self.several and self.few_skipped:
            return self.is_small(count) or self.people - count < 2 * self.smallest - 1
        return self.is_small(count) or (self.several and self.is_small(self.answered - count))

    def is_covered(self, hidden: set[int]) -> bool:
        """Whether each hidden cell could have several values, given the total and the shown cells."""
        inside = [self.counts[i] for i in hidden]
        if not self.several:
            return self._many_ways([*inside, self.people - self.answered] if self.few_skipped else inside)
        return self._many_ways(inside) and self._many_ways([self.answered - count for count in inside])

    def _many_ways(self, numbers: list[int]) -> bool:
        """Whether several combinations fit: the numbers are not nearly all 1 nor, if all are small, nearly all at the
        maximum.
        """
        total, cells = sum(numbers), len(numbers)
        at_ceiling = max(numbers) < self.smallest and total > (self.smallest - 2) * cells
        return cells > 1 and total >= max(self.smallest, 2 * cells) and not at_ceiling


def _hide_in_question(question: QuestionResult, smallest: int, obscured: set[str]) -> QuestionResult:
    answered = question.answered or 0
    counts = tuple(cell.count or 0 for cell in question.cells)
    table = _Table(counts, question.people, answered, smallest, question.shape is Shape.OPTIONS)
    if question.depends_on & obscured or table.few_answered:
        return _withhold(question, with_base=False)
    if not question.cells:
        return _withhold(question, with_base=False) if table.few_skipped else question
    hidden = _places_to_hide(table)
    if not hidden and not table.few_skipped:
        return question
    if question.shape is Shape.NUMBER:
        return _mean_only(question, table)
    cells = tuple(replace(cell, count=None) if i in hidden else cell for i, cell in enumerate(question.cells))
    withheld = _withhold(question, with_base=not table.few_skipped)
    return replace(withheld, cells=cells, withheld=False) if any(cell.count for cell in cells) else withheld


def _places_to_hide(table: _Table) -> set[int]:
    """The places of the cells to hide: small ones, and others to cover them; all of them if that is not enough."""
    hidden = {i for i, count in enumerate(table.counts) if table.is_revealing(count)}
    spare = [
        i for i, count in enumerate(table.counts) if i not in hidden and count
    ]  # an empty cell covers nothing
    if not hidden and table.few_skipped and spare:
        hidden = {spare.pop()}
    while hidden and not table.is_covered(hidden):
        if not spare:
            return set(range(len(table.counts)))
        hidden.add(_take_nearest(spare, hidden))
    return hidden


def _take_nearest(spare: list[int], hidden: set[int]) -> int:
    """Removes and returns the spare cell nearest to a hidden one in form order.

    It goes by place, because choosing the smallest cell would give something away to anybody who knows the rule.
    On a scale, the nearest answer is also the nearest in meaning.
    """
    nearest = min(spare, key=lambda i: (min(abs(i - h) for h in hidden), -i))
    spare.remove(nearest)
    return nearest


def _mean_only(question: QuestionResult, table: _Table) -> QuestionResult:
    """Withholds a scale's numbers, and shows only the mean if that is safe. Both together could be solved."""
    withheld = _withhold(question, with_base=not table.few_skipped)
    if question.mean is not None and _is_ambiguous(question.mean, question, table):
        return replace(withheld, mean=question.mean, withheld=False)
    return withheld


def _is_ambiguous(mean: float, question: QuestionResult, table: _Table) -> bool:
    """Whether many tables have this mean. Near either end of the scale only one or two do."""
    values = [int(cell.name) for cell in question.cells]
    step = min((after - before for before, after in pairwise(values)), default=1)
    answered = table.people - (table.smallest - 1) if table.few_skipped else table.answered
    room = answered * min(mean - values[0], values[-1] - mean)
    return room >= table.smallest * step


def _withhold(question: QuestionResult, *, with_base: bool) -> QuestionResult:
    return replace(
        question,
        answered=question.answered if with_base else None,
        skipped=question.skipped if with_base else None,
        cells=(),
        mean=None,
        lowest=None,
        highest=None,
        withheld=True,
    )
