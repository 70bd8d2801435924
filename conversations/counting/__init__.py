"""What came back: counted, told in words, and with small numbers hidden before anything is published."""

from conversations.counting.hiding import hide_small
from conversations.counting.results import Cell, QuestionResult, Results, Tally, counted, with_results
from conversations.counting.telling import bars, besides_bars, counted_at, in_words, took_part

__all__ = [
    "Cell",
    "QuestionResult",
    "Results",
    "Tally",
    "bars",
    "besides_bars",
    "counted",
    "counted_at",
    "hide_small",
    "in_words",
    "took_part",
    "with_results",
]
