"""A form's texts as one person reads them: all in one language, never a mixture."""

from collections.abc import Iterator
from itertools import chain

from conversations.consultations.form import Form, Question, Texts, wording
from conversations.core.i18n import Library, Words, language_name
from conversations.core.record import Record


class FormWords(Record):
    """Call it with a text of the form to get the wording. `language` is the language of the whole form."""

    form: Form
    words: Words
    language: str

    def __call__(self, texts: Texts) -> str:
        return wording(texts, self.language, self.words.version, self.form.default_language)

    @property
    def title(self) -> str:
        return self(self.form.title)

    def heards_words(self, library: Library) -> Words:
        """Heard's own catalogue in the form's language, if there is one, so that no sentence mixes languages."""
        if self.language == self.words.language or not library.speaks(self.language):
            return self.words
        return library.words(self.language, self.words.version)

    @property
    def language_note(self) -> str:
        """A note that the form is not in the person's language; empty if it is."""
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
    """The form in the person's language if the translation is complete; otherwise in the form's default language."""
    language, variant = words.language, f"{words.language}-{words.version}"
    complete = all(
        texts.get(language) or texts.get(variant) or not any(texts.values()) for texts in texts_of(form)
    )
    return FormWords(form, words, language if complete else form.default_language)


def every_text(form: Form) -> tuple[str, ...]:
    """Every text of a form in every language and reading version, each once."""
    return tuple(dict.fromkeys(said for texts in texts_of(form) for said in texts.values()))


def texts_of(form: Form) -> Iterator[Texts]:
    """Every text of a form with its variants. A text that the form leaves out is an empty mapping."""
    yield from (form.title, form.about, form.decision_maker)
    for question in form.questions:
        yield from (question.label, question.hint, question.constraint_message)
        yield from chain(option.label for option in question.options)
