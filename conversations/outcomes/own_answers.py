"""What one person said, beside the parts that answer it; never words in which there is a sign of danger."""

from collections.abc import Callable

import regex

from conversations.consultations.form import Answers, Question, Shape, Value
from conversations.consultations.form_text import FormWords, form_words
from conversations.consultations.kinds.registry import kind_of, shape_of
from conversations.core.i18n import Words
from conversations.outcomes.outcome import Outcome, can_be_about
from conversations.outcomes.wording import OwnWords

# A label's emoji repeats its words; in the middle of a sentence it only disturbs.
_EMOJI = regex.compile(r"\s*[\p{Extended_Pictographic}\p{RI}\p{EMod}\u200D\uFE0F]+")

_CHOSE_MOST = 80  # letters of what somebody chose

AnswerInWords = Callable[[Question], OwnWords]


def beside(
    outcome: Outcome, answers: Answers, words: Words, is_alarming: Callable[[str], bool]
) -> tuple[OwnWords, ...]:
    """Somebody's own answers, one for each part, in the words that the outcome is read in."""
    form = outcome.about.form
    if form is None or not answers:
        return ()
    said = form_words(form, words)

    def tell(question: Question) -> OwnWords:
        value = answers.get(question.name)
        return OwnWords() if value is None else _told(said, question, value, is_alarming)

    return _laid_out(outcome, tell)


def sample(outcome: Outcome, words: Words) -> tuple[OwnWords, ...]:
    """The same with answers that nobody gave, for whoever looks at it beforehand; they say that they are samples."""
    form = outcome.about.form
    if form is None:
        return ()
    said = form_words(form, words)

    def tell(question: Question) -> OwnWords:
        if shape_of(question) is Shape.TEXT:
            return OwnWords(wrote=words("their own words, as a sample"))
        label = said(question.options[0].label) if question.options else str(question.start)
        return OwnWords(chose=words("{answer}, as a sample", answer=_EMOJI.sub("", label)))

    return _laid_out(outcome, tell)


def _laid_out(outcome: Outcome, tell: AnswerInWords) -> tuple[OwnWords, ...]:
    """Under each part what was said to its question. Where no part names one: the first choice and the first
    words, under the first part.
    """
    asked = {question.name: question for question in can_be_about(outcome.about.form)}
    if any(part.question in asked for part in outcome.parts):
        named = (asked.get(part.question or "") for part in outcome.parts)
        return tuple(tell(question) if question else OwnWords() for question in named)
    told = [
        tell(question) for question in asked.values() if question.options or shape_of(question) is Shape.TEXT
    ]
    chose = next((own.chose for own in told if own.chose), "")
    wrote = next((own.wrote for own in told if own.wrote), "")
    return (OwnWords(chose, wrote), *[OwnWords()] * (len(outcome.parts) - 1))


def _told(said: FormWords, question: Question, value: Value, is_alarming: Callable[[str], bool]) -> OwnWords:
    if shape_of(question) is Shape.TEXT:
        return OwnWords() if is_alarming(str(value)) else OwnWords(wrote=str(value))
    return OwnWords(chose=_EMOJI.sub("", kind_of(question).answer_text(question, value, said, _CHOSE_MOST)))
