"""An outcome as one message to one person: in the language that they read it in, their own answers beside it."""

from conversations.consultations.form import Answers
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Attachment, Say, quote_of
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.own_answers import beside
from conversations.outcomes.wording import OwnWords, outcome_heading, outcome_text, read_in, text_of


def told(outcome: Outcome, answers: Answers, facts: Facts) -> Say:
    """What somebody gets who gave these answers; nobody's are the public version. Without buttons."""
    _ = read_in(outcome, facts.words, facts.library)
    return message(outcome, beside(outcome, answers, _, facts.is_alarming), _, facts)


def message(outcome: Outcome, own: tuple[OwnWords, ...], _: Words, facts: Facts) -> Say:
    """The outcome in the words `_`, for whoever the facts are about."""
    lines = (only_in(_, facts.words), outcome_text(outcome, own, _))
    return Say(
        "\n\n".join(filter(None, lines)),
        heading=outcome_heading(outcome, _),
        attachment=picture_of(outcome, _, facts),
        language=_.language,
        repeats_answer=quote_of(outcome.about.subject.id)
        if own and outcome.about.subject.kind == "consultation"
        else "",
    )


def only_in(read: Words, words: Words) -> str:
    """Says so, in somebody's own words, where the outcome does not speak their language."""
    if read.language == words.language:
        return ""
    return words(
        "This answer is only in this language: {language}.",
        language=language_name(read.language, words.language),
    )


def picture_of(outcome: Outcome, _: Words, facts: Facts) -> Attachment | None:
    """Its picture, for whoever the facts are about; what it shows is said in the words `_`."""
    if outcome.picture is None:
        return None
    shows = text_of(outcome, outcome.picture.described, _)
    described = _("Picture: {what}", what=shows) if shows else ""
    return Attachment("picture", {"person": facts.person.id, "outcome": outcome.id}, described)
