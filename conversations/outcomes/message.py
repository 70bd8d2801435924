"""An outcome as a message to one person: in their language if it is translated, with their own answers."""

from conversations.consultations.form import Answers
from conversations.core.facts import Facts
from conversations.core.i18n import Words, language_name
from conversations.core.messages import Attachment, Say, quote_of
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.own_answers import own_answers
from conversations.outcomes.wording import OwnWords, outcome_heading, outcome_text, reading_words, text_of


def outcome_with_answers(outcome: Outcome, answers: Answers, facts: Facts) -> Say:
    """The message for a person who gave these answers; no answers make the public version. It has no buttons."""
    _ = reading_words(outcome, facts.words, facts.library)
    return outcome_message(outcome, own_answers(outcome, answers, _, facts.is_alarming), _, facts)


def outcome_message(outcome: Outcome, own: tuple[OwnWords, ...], _: Words, facts: Facts) -> Say:
    """The outcome in the language of `_`, for the person of the facts. `own` has one entry for each part, or none."""
    lines = (language_note(_, facts.words), outcome_text(outcome, own, _))
    return Say(
        "\n\n".join(filter(None, lines)),
        heading=outcome_heading(outcome, _),
        attachment=picture_of(outcome, _, facts),
        language=_.language,
        repeats_answer=quote_of(outcome.about.subject.id)
        if own and outcome.about.subject.kind == "consultation"
        else "",
    )


def language_note(read: Words, words: Words) -> str:
    """A note in the person's language that the outcome is not in it; empty if it is."""
    if read.language == words.language:
        return ""
    return words(
        "This answer is only in this language: {language}.",
        language=language_name(read.language, words.language),
    )


def picture_of(outcome: Outcome, _: Words, facts: Facts) -> Attachment | None:
    """Its picture for the person of the facts, with its description in the language of `_`; None if it has none."""
    if outcome.picture is None:
        return None
    shows = text_of(outcome, outcome.picture.described, _)
    described = _("Picture: {what}", what=shows) if shows else ""
    return Attachment("picture", {"person": facts.person.id, "outcome": outcome.id}, described)
