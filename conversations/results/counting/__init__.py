"""Results of a consultation: counts, sentences, and hiding small numbers before anything is published."""

from conversations.results.counting.disclosure_control import hide_small
from conversations.results.counting.sentences import (
    bars,
    counted_at_lines,
    participants_sentence,
    result_sentences,
    sentences_beside_bars,
)
from conversations.results.counting.tallies import (
    QuestionResult,
    Results,
    Tally,
    TallyCell,
    answerable_questions,
    to_results,
)

__all__ = [
    "QuestionResult",
    "Results",
    "Tally",
    "TallyCell",
    "answerable_questions",
    "bars",
    "counted_at_lines",
    "hide_small",
    "participants_sentence",
    "result_sentences",
    "sentences_beside_bars",
    "to_results",
]
