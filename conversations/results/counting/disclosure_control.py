"""Small numbers: what may be published of a table, so that nobody can be picked out of it.

The rule, what it protects and its price: docs/decisions/0005-small-numbers.md.
"""

from itertools import pairwise

from conversations.consultations.form import Shape
from conversations.core.record import Record, replace
from conversations.results.counting.tallies import QuestionResult, Results

FLOOR = 5  # no team may set the small number lower


def hide_small(results: Results, smallest: int = 6) -> Results:
    """What may leave the team. Takes true results; the same results always lose the same cells.

    Raises ValueError under the floor of 5.
    """
    if smallest < FLOOR:
        raise ValueError(f"the small number may not be under {FLOOR}")
    if results.people is None or results.people < smallest:
        return Results(results.title, None, (), smallest)
    obscured: set[str] = set()
    published = []
    for question in results.questions:
        safe = _safe(question, smallest, obscured)
        if safe != question:
            obscured.add(question.name)
        published.append(safe)
    return Results(results.title, results.people, tuple(published), smallest)


class _Table(Record):
    """One question's true numbers, held against the small number. Those who skipped are its last cell."""

    counts: tuple[int, ...]
    people: int
    answered: int
    smallest: int
    several: bool  # a person may be in more than one cell

    def small(self, n: int) -> bool:
        return 0 < n < self.smallest

    @property
    def few_skipped(self) -> bool:
        return self.small(self.people - self.answered)

    @property
    def few_answered(self) -> bool:
        """Also where it only might be so: while a few who skipped are hidden, so is how many answered."""
        most_skipped = self.smallest - 1 if self.few_skipped else 0
        return self.small(self.answered) or self.people - most_skipped < self.smallest

    def tells(self, count: int) -> bool:
        """Whether this cell alone shows a few people: those in it, or, among several, those left out of it."""
        if self.several and self.few_skipped:
            return self.small(count) or self.people - count < 2 * self.smallest - 1
        return self.small(count) or (self.several and self.small(self.answered - count))

    def covered(self, hidden: set[int]) -> bool:
        """Whether the total, less what is shown, leaves each hidden cell several possible numbers."""
        inside = [self.counts[i] for i in hidden]
        if not self.several:
            return self._many_ways([*inside, self.people - self.answered] if self.few_skipped else inside)
        return self._many_ways(inside) and self._many_ways([self.answered - count for count in inside])

    def _many_ways(self, numbers: list[int]) -> bool:
        """Neither nearly all ones, nor, where each is known to be small, nearly all as large as small can be."""
        total, cells = sum(numbers), len(numbers)
        at_ceiling = max(numbers) < self.smallest and total > (self.smallest - 2) * cells
        return cells > 1 and total >= max(self.smallest, 2 * cells) and not at_ceiling


def _safe(question: QuestionResult, smallest: int, obscured: set[str]) -> QuestionResult:
    answered = question.answered or 0
    counts = tuple(cell.count or 0 for cell in question.cells)
    table = _Table(counts, question.people, answered, smallest, question.shape is Shape.OPTIONS)
    if question.depends_on & obscured or table.few_answered:
        return _withheld(question, with_base=False)
    if not question.cells:
        return _withheld(question, with_base=False) if table.few_skipped else question
    hidden = _hidden(table)
    if not hidden and not table.few_skipped:
        return question
    if question.shape is Shape.NUMBER:
        return _mean_alone(question, table)
    cells = tuple(replace(cell, count=None) if i in hidden else cell for i, cell in enumerate(question.cells))
    withheld = _withheld(question, with_base=not table.few_skipped)
    return replace(withheld, cells=cells, withheld=False) if any(cell.count for cell in cells) else withheld


def _hidden(table: _Table) -> set[int]:
    """The places of the cells to hide: the small ones, and those that cover them. All, where that is not enough."""
    hidden = {i for i, count in enumerate(table.counts) if table.tells(count)}
    spare = [i for i, count in enumerate(table.counts) if i not in hidden and count]  # nobody covers nobody
    if not hidden and table.few_skipped and spare:
        hidden = {spare.pop()}
    while hidden and not table.covered(hidden):
        if not spare:
            return set(range(len(table.counts)))
        hidden.add(_taken_nearest(spare, hidden))
    return hidden


def _taken_nearest(spare: list[int], hidden: set[int]) -> int:
    """Takes out the spare cell next to a hidden one, in the form's order.

    By place, not by size: whoever knows this rule would learn something from "the smallest that was left".
    On a scale it is also the answer nearest in meaning.
    """
    nearest = min(spare, key=lambda i: (min(abs(i - h) for h in hidden), -i))
    spare.remove(nearest)
    return nearest


def _mean_alone(question: QuestionResult, table: _Table) -> QuestionResult:
    """All of a scale's numbers, or only the mean: the two together would be an equation too many."""
    withheld = _withheld(question, with_base=not table.few_skipped)
    if question.mean is not None and _many_tables_have(question.mean, question, table):
        return replace(withheld, mean=question.mean, withheld=False)
    return withheld


def _many_tables_have(mean: float, question: QuestionResult, table: _Table) -> bool:
    """False near either end of the scale, where only one or two tables have this mean."""
    values = [int(cell.name) for cell in question.cells]
    step = min((after - before for before, after in pairwise(values)), default=1)
    answered = table.people - (table.smallest - 1) if table.few_skipped else table.answered
    room = answered * min(mean - values[0], values[-1] - mean)
    return room >= table.smallest * step


def _withheld(question: QuestionResult, *, with_base: bool) -> QuestionResult:
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
