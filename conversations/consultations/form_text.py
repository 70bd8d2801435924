"""A form's words as one person reads them: all of them in one language, never a mixture."""

from collections.abc import Iterator
from itertools import chain

from conversations.consultations.form import Form, Question, Texts, wording
from conversations.core.i18n import Library, Words, language_name
from conversations.core.record import record


@record
class FormWords:
    """Call it with a form's text to get the wording. `language` is the one that the whole form is read in."""

    form: Form
    words: Words
    language: str

    def __call__(self, texts: Texts) -> str:
        return wording(texts, self.language, self.words.version, self.form.default_language)

    @property
    def title(self) -> str:
        return self(self.form.title)

    def ours(self, library: Library) -> Words:
        """Heard's own words beside the form's: in its language, where Heard speaks it, so that no sentence is mixed."""
        if self.language == self.words.language or not library.speaks(self.language):
            return self.words
        return library.words(self.language, self.words.version)

    @property
    def only_in(self) -> str:
        """Says so where the form does not speak the person's language; else nothing."""
        if self.language == self.words.language:
            return ""
        return self.words(
            "The questions are only in this language: {language}.",
            language=language_name(self.language, self.words.language),
        )

    def labels(self, question: Question) -> tuple[str, ...]:
        """The options' labels, in the form's order."""
        return tuple(self(option.label) for option in question.options)


def form_words(form: Form, words: Words) -> FormWords:
    """In the person's language where the whole form has it; else all of it in the form's own."""
    language, variant = words.language, f"{words.language}-{words.version}"
    complete = all(
        texts.get(language) or texts.get(variant) or not any(texts.values()) for texts in texts_of(form)
    )
    return FormWords(form, words, language if complete else form.default_language)


def texts_of(form: Form) -> Iterator[Texts]:
    """Every text of a form, each in its variants; one that a form leaves out is empty."""
    yield from (form.title, form.about, form.decision_maker)
    for question in form.questions:
        yield from (question.label, question.hint, question.constraint_message)
        yield from chain(option.label for option in question.options)
