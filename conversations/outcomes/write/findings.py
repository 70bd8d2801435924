"""What people said so far, as help for whoever writes the outcome; and one finding that may be published."""

from collections.abc import Iterator

from conversations.consultations.form import Shape
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.record import Record
from conversations.core.text import shorten
from conversations.outcomes.write.draft import Draft, SoFar
from conversations.outcomes.write.rules import FIELD_MOST
from conversations.results.counting import QuestionResult, Results, counted, counted_at, hide_small, in_words

_QUESTIONS = 5  # shown at most; all of them are in /results
_SENTENCES = 2  # of each question
_LABEL = 70  # letters of a question
_CHOSEN = frozenset({Shape.OPTION, Shape.OPTIONS})


class _Top(Record):
    """The answer that most people gave to a question, as a number that may be published."""

    label: str
    count: int
    base: int
    question: str
    name: str


class Finding(Record):
    """A finding in words, and the name of the question that it is about."""

    words: str
    question: str


def help_with(draft: Draft, facts: Facts) -> Iterator[str]:
    """A few lines with the true counts."""
    _, results = facts.words, _true(draft, facts.words, facts)
    asked = [question for question in results.questions if question.answered]
    if not asked:
        yield _("Nobody has answered yet.")
        return
    yield _("The answers so far:")
    yield from counted_at(facts[SoFar].at, _)
    for question in asked[:_QUESTIONS]:
        sentences = _most_first(question, _)[:_SENTENCES]
        yield f"· {shorten(question.label, _LABEL)} {' '.join(sentences)}"


def suggested(draft: Draft, facts: Facts) -> Finding | None:
    """A finding, in the language of the outcome, from what may be published: small numbers stay hidden here too.
    None where there is none that no part says already.
    """
    _ = facts.library.words(draft.outcome.language, None)
    published = hide_small(_true(draft, _, facts), facts.rules.small_number)
    tops = [top for question in published.questions if (top := _top(question))]
    tops.sort(key=lambda top: top.count / top.base, reverse=True)
    said = {draft.outcome.original(part.you_said) for part in draft.outcome.parts}
    findings = (Finding(_in_words(top, _), top.name) for top in tops)
    fits = (finding for finding in findings if finding.words not in said and len(finding.words) <= FIELD_MOST)
    return next(fits, None)


def _in_words(top: _Top, _: Words) -> str:
    return _(
        '{count} of {n} of you answered "{label}" when we asked: {question}',
        count=top.count,
        n=top.base,
        label=top.label,
        question=shorten(top.question, 2 * _LABEL),
    )


def _true(draft: Draft, _: Words, facts: Facts) -> Results:
    """The true counts; of something that nobody was asked by a form, none."""
    form, so_far = draft.about.form, facts[SoFar]
    return counted(form, so_far.tallies, people=so_far.people, words=_) if form else Results("", None, ())


def _top(question: QuestionResult) -> _Top | None:
    cells = [cell for cell in question.cells if cell.count]
    if question.withheld or question.shape not in _CHOSEN or not cells:
        return None
    top = max(cells, key=lambda cell: cell.count or 0)
    return _Top(top.label, top.count or 0, question.base, question.label, question.name)


def _most_first(question: QuestionResult, _: Words) -> tuple[str, ...]:
    """What is said of a question, the answer of most people first."""
    if question.shape not in _CHOSEN:
        return in_words(question, _)
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
