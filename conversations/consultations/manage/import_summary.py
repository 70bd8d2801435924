"""Summarises an imported workbook line by line, so that a worker sees what is there and what is missing."""

from collections import Counter
from collections.abc import Iterator

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Form
from conversations.consultations.form_text import every_text, form_words, texts_of
from conversations.consultations.kinds.registry import KINDS
from conversations.core.facts import Facts
from conversations.core.i18n import VERSIONS, Words, language_name
from conversations.core.person import Band
from conversations.core.personal.asking import personal_lines
from conversations.core.themes import theme_names
from conversations.people.names import band_names, version_names


def summary_lines(about: Consultation, facts: Facts) -> Iterator[str]:
    """The lines without bullets: questions, languages, versions, who decides, dates, audience, filing."""
    _ = facts.words
    yield from _question_lines(about.form, _)
    yield from _language_lines(about.form, facts)
    yield from _version_lines(about.form, facts)
    yield _decider_line(about.form, _)
    yield from _date_lines(about, _)
    yield for_whom(about, _)
    yield _filing_line(about, _)
    if about.state == "draft":
        yield from personal_lines(every_text(about.form), _, facts.rules.contact)


def _date_lines(about: Consultation, _: Words) -> Iterator[str]:
    """When the outcome is due and when it closes, unless that has passed."""
    if about.state in {"answered", "revisited"}:
        return
    yield (
        _("They answer by {date}.", date=_.short_date(about.reply_by))
        if about.reply_by
        else _("It has no date for an answer yet.")
    )
    if about.state == "closed":
        return
    yield (
        _("It closes on {date}.", date=_.short_date(about.closes_at))
        if about.closes_at
        else _("It stays open until you close it.")
    )


def for_whom(about: Consultation, _: Words) -> str:
    """The age bands of its audience, as a sentence."""
    return for_ages(about.bands, _)


def for_ages(bands: tuple[Band, ...], _: Words) -> str:
    """The age bands of any audience, as a sentence."""
    if not bands:
        return _("It's for everybody.")
    names = band_names(_)
    return _("It's for these ages: {ages}.", ages=_.comma_list(names[band] for band in bands))


def _filing_line(about: Consultation, _: Words) -> str:
    """The headings and area that its outcome will be filed under."""
    names = theme_names(_)
    under = [names[theme] for theme in about.themes] + ([about.area] if about.area else [])
    if not under:
        return _("It isn't filed under a heading or an area yet.")
    return _("It's filed under: {names}.", names=_.comma_list(under))


def _question_lines(form: Form, _: Words) -> Iterator[str]:
    kinds = [(KINDS[name], n) for name, n in Counter(question.kind for question in form.questions).items()]
    asked = sum(n for kind, n in kinds if kind.is_answered)
    each = _.comma_list(kind.how_many(n, _) for kind, n in kinds if kind.is_answered)
    yield _.many("{n} question: {each}.", "{n} questions: {each}.", asked, each=each)
    yield from (kind.how_many(n, _) for kind, n in kinds if not kind.is_answered)


def _language_lines(form: Form, facts: Facts) -> Iterator[str]:
    """How complete the form is in each language on offer. An incomplete one falls back to the form's default."""
    _ = facts.words
    # Looked up first, because a `_` inside the arguments hides the plural from the message extractor.
    own = language_name(form.default_language, _.language)
    for language in facts.rules.languages:
        name, missing = language_name(language, _.language), _missing_texts(form, language)
        if not missing:
            yield _("{language}: complete.", language=name)
        elif missing < _count_texts(form):
            yield _.many(
                "{language}: {n} text is missing, so I ask in {own}.",
                "{language}: {n} texts are missing, so I ask in {own}.",
                missing,
                language=name,
                own=own,
            )
        else:
            yield _("{language}: not there, so I ask in {own}.", language=name, own=own)
    spare = [
        language_name(language, _.language)
        for language in _languages_in(form)
        if language not in facts.rules.languages
    ]
    if spare:
        yield _(
            "Not used, because this team doesn't offer it (LANGUAGES): {languages}.",
            languages=_.comma_list(spare),
        )


def _languages_in(form: Form) -> list[str]:
    """Every language code with at least one text in the form."""
    keys = (key.partition("-")[0] for texts in texts_of(form) for key in texts if texts[key])
    return list(dict.fromkeys(keys))


def _version_lines(form: Form, facts: Facts) -> Iterator[str]:
    """How complete each reading version is in the form's default language. Missing texts use the normal version."""
    _, language = facts.words, form.default_language
    names = version_names(_)
    for version in (v for v in VERSIONS if v != "normal" and v in facts.library.versions(language)):
        there = sum(1 for texts in texts_of(form) if texts.get(f"{language}-{version}"))
        missing = _count_texts(form) - there
        if not missing:
            yield _("{version}: complete.", version=names[version])
        elif there:
            yield _.many(
                "{version}: {n} text stays as in the normal version.",
                "{version}: {n} texts stay as in the normal version.",
                missing,
                version=names[version],
            )
        else:
            yield _("{version}: not there, so I use the normal version.", version=names[version])


def _missing_texts(form: Form, language: str) -> int:
    """The number of texts that have no variant in this language. A reading version in it counts as one."""
    return sum(
        1
        for texts in texts_of(form)
        if any(texts.values()) and not any(key.partition("-")[0] == language and texts[key] for key in texts)
    )


def _count_texts(form: Form) -> int:
    return sum(1 for texts in texts_of(form) if any(texts.values()))


def _decider_line(form: Form, _: Words) -> str:
    who = form_words(form, _)(form.decision_maker)
    return _("Who decides: {who}.", who=who) if who else _("It doesn't say yet who decides.")
