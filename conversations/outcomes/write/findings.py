"""Helps the writer of an outcome: the counts so far, and one suggested finding that may be published."""

from collections.abc import Iterator

from conversations.consultations.form import Shape
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.record import Record
from conversations.core.text import shorten
from conversations.outcomes.write.draft import AnswersSoFar, Draft
from conversations.outcomes.write.rules import FIELD_MOST
from conversations.results.counting import (
    QuestionResult,
    Results,
    counted_at_lines,
    hide_small,
    result_sentences,
    to_results,
)

_QUESTIONS = 5  # shown at most; all of them are in /results
_SENTENCES = 2  # of each question
_LABEL = 70  # letters of a question
_CHOSEN = frozenset({Shape.OPTION, Shape.OPTIONS})


class _Top(Record):
    """The most frequent answer to a question, in counts that may be published."""

    label: str
    count: int
    base: int
    question: str
    name: str


class Finding(Record):
    """A finding as text, and the name of its question."""

    words: str
    question: str


def count_lines(draft: Draft, facts: Facts) -> Iterator[str]:
    """A few lines with the true counts so far."""
    _, results = facts.words, _true_results(draft, facts.words, facts)
    asked = [question for question in results.questions if question.answered]
    if not asked:
        yield _("Nobody has answered yet.")
        return
    yield _("The answers so far:")
    yield from counted_at_lines(facts[AnswersSoFar].at, _)
    for question in asked[:_QUESTIONS]:
        sentences = _sentences(question, _)[:_SENTENCES]
        yield f"· {shorten(question.label, _LABEL)} {' '.join(sentences)}"


def suggest_finding(draft: Draft, facts: Facts) -> Finding | None:
    """A finding in the language of the outcome, from counts that may be published: small numbers stay hidden. None if
    there is none that no part uses yet.
    """
    _ = facts.library.words(draft.outcome.language, None)
    published = hide_small(_true_results(draft, _, facts), facts.rules.small_number)
    tops = [top for question in published.questions if (top := _top_answer(question))]
    tops.sort(key=lambda top: top.count / top.base, reverse=True)
    said = {draft.outcome.original(part.you_said) for part in draft.outcome.parts}
    findings = (Finding(_finding_text(top, _), top.name) for top in tops)
    fits = (finding for finding in findings if finding.words not in said and len(finding.words) <= FIELD_MOST)
    return next(fits, None)


def _finding_text(top: _Top, _: Words) -> str:
    return _(
        '{count} of {n} of you answered "{label}" when we asked: {question}',
        count=top.count,
        n=top.base,
        label=top.label,
        question=shorten(top.question, 2 * _LABEL),
    )


def _true_results(draft: Draft, _: Words, facts: Facts) -> Results:
    """The true counts; empty results if there was no form."""
    form, so_far = draft.about.form, facts[AnswersSoFar]
    return to_results(form, so_far.tallies, people=so_far.people, words=_) if form else Results("", None, ())


def _top_answer(question: QuestionResult) -> _Top | None:
    cells = [cell for cell in question.cells if cell.count]
    if question.withheld or question.shape not in _CHOSEN or not cells:
        return None
    top = max(cells, key=lambda cell: cell.count or 0)
    return _Top(top.label, top.count or 0, question.base, question.label, question.name)


def _sentences(question: QuestionResult, _: Words) -> tuple[str, ...]:
    """A question's answers as sentences, most frequent first."""
    if question.shape not in _CHOSEN:
        return result_sentences(question, _)
    cells = sorted((cell for cell in question.cells if cell.count), key=lambda cell: -(cell.count or 0))
    return tuple(
        _.many(
            "{count} of {n} person said {label}.",
            "{count} of {n} people said {label}.",
            question.base,
            count=cell.count,
            label=cell.label,
        )
        for cell in cells
    )
