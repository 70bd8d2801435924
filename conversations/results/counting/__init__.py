"""What came back: counted, told in words, and with small numbers hidden before anything is published."""

from conversations.results.counting.disclosure_control import hide_small
from conversations.results.counting.sentences import bars, besides_bars, counted_at, in_words, took_part
from conversations.results.counting.tallies import (
    QuestionResult,
    Results,
    Tally,
    TallyCell,
    counted,
    with_results,
)

__all__ = [
    "QuestionResult",
    "Results",
    "Tally",
    "TallyCell",
    "bars",
    "besides_bars",
    "counted",
    "counted_at",
    "hide_small",
    "in_words",
    "took_part",
    "with_results",
]
