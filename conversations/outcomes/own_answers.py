"""Matches one person's answers to the parts of an outcome. Free text with a sign of danger is left out."""

from collections.abc import Callable

import regex

from conversations.consultations.form import Answers, Question, Shape, Value
from conversations.consultations.form_text import FormWords, form_words
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.core.i18n import Words
from conversations.outcomes.outcome import Outcome, questions_to_answer
from conversations.outcomes.wording import OwnWords

# Emoji in a label repeat its words, and disturb in the middle of a sentence.
_EMOJI = regex.compile(r"\s*[\p{Extended_Pictographic}\p{RI}\p{EMod}\u200D\uFE0F]+")

_CHOSE_MOST = 80  # letters of what somebody chose

AnswerInWords = Callable[[Question], OwnWords]


def own_answers(
    outcome: Outcome, answers: Answers, words: Words, is_alarming: Callable[[str], bool]
) -> tuple[OwnWords, ...]:
    """A person's own answers, one for each part, in the language of `words`; empty if there are none."""
    form = outcome.about.form
    if form is None or not answers:
        return ()
    said = form_words(form, words)

    def tell(question: Question) -> OwnWords:
        value = answers.get(question.name)
        return OwnWords() if value is None else _own_words(said, question, value, is_alarming)

    return _by_part(outcome, tell)


def sample_answers(outcome: Outcome, words: Words) -> tuple[OwnWords, ...]:
    """Sample answers, one for each part, for a preview. They say that they are samples."""
    form = outcome.about.form
    if form is None:
        return ()
    said = form_words(form, words)

    def tell(question: Question) -> OwnWords:
        if shape_of(question) is Shape.TEXT:
            return OwnWords(wrote=words("their own words, as a sample"))
        label = said(question.options[0].label) if question.options else str(question.start)
        return OwnWords(chose=words("{answer}, as a sample", answer=_EMOJI.sub("", label)))

    return _by_part(outcome, tell)


def _by_part(outcome: Outcome, tell: AnswerInWords) -> tuple[OwnWords, ...]:
    """The answer to each part's question. If no part names a question, the first choice and the first free text go
    to the first part.
    """
    asked = {question.name: question for question in questions_to_answer(outcome.about.form)}
    if any(part.question in asked for part in outcome.parts):
        named = (asked.get(part.question or "") for part in outcome.parts)
        return tuple(tell(question) if question else OwnWords() for question in named)
    told = [
        tell(question) for question in asked.values() if question.options or shape_of(question) is Shape.TEXT
    ]
    chose = next((own.chose for own in told if own.chose), "")
    wrote = next((own.wrote for own in told if own.wrote), "")
    return (OwnWords(chose, wrote), *[OwnWords()] * (len(outcome.parts) - 1))


def _own_words(
    said: FormWords, question: Question, value: Value, is_alarming: Callable[[str], bool]
) -> OwnWords:
    if shape_of(question) is Shape.TEXT:
        return OwnWords() if is_alarming(str(value)) else OwnWords(wrote=str(value))
    return OwnWords(chose=_EMOJI.sub("", kind_of(question).answer_text(question, value, said, _CHOSE_MOST)))
