"""What Heard understood of a workbook, line by line, so that a worker sees what is there and what is missing."""

from collections import Counter
from collections.abc import Iterator

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Form
from conversations.consultations.form_text import form_words, texts_of
from conversations.consultations.kinds.registry import KINDS
from conversations.core.facts import Facts
from conversations.core.i18n import VERSIONS, Words, language_name
from conversations.core.person import Band
from conversations.core.themes import theme_names
from conversations.people.names import band_names, version_names


def understood(about: Consultation, facts: Facts) -> Iterator[str]:
    """The lines, without marks: questions, languages, versions, who decides, dates, for whom."""
    _ = facts.words
    yield from _questions(about.form, _)
    yield from _languages(about.form, facts)
    yield from _versions(about.form, facts)
    yield _decides(about.form, _)
    yield from _days(about, _)
    yield for_whom(about, _)
    yield _filed(about, _)


def _days(about: Consultation, _: Words) -> Iterator[str]:
    """By when they answer and until when it is open, as long as either is to come."""
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
    """The ages that it is for."""
    return for_ages(about.bands, _)


def for_ages(bands: tuple[Band, ...], _: Words) -> str:
    """The same for anything that has an audience."""
    if not bands:
        return _("It's for everybody.")
    names = band_names(_)
    return _("It's for these ages: {ages}.", ages=_.listed(names[band] for band in bands))


def _filed(about: Consultation, _: Words) -> str:
    """What its outcome will be found under."""
    names = theme_names(_)
    under = [names[theme] for theme in about.themes] + ([about.area] if about.area else [])
    if not under:
        return _("It isn't filed under a heading or an area yet.")
    return _("It's filed under: {names}.", names=_.listed(under))


def _questions(form: Form, _: Words) -> Iterator[str]:
    kinds = [(KINDS[name], n) for name, n in Counter(question.kind for question in form.questions).items()]
    asked = sum(n for kind, n in kinds if kind.is_answered)
    each = _.listed(kind.how_many(n, _) for kind, n in kinds if kind.is_answered)
    yield _.many("{n} question: {each}.", "{n} questions: {each}.", asked, each=each)
    yield from (kind.how_many(n, _) for kind, n in kinds if not kind.is_answered)


def _languages(form: Form, facts: Facts) -> Iterator[str]:
    """Which of the languages on offer it speaks. A person whose language is not whole gets the form's own."""
    _ = facts.words
    # Looked up beforehand: a `_` within the values of a sentence hides its plural from the catalogues.
    own = language_name(form.default_language, _.language)
    for language in facts.rules.languages:
        name, missing = language_name(language, _.language), _missing(form, language)
        if not missing:
            yield _("{language}: complete.", language=name)
        elif missing < _how_many_texts(form):
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
        for language in _languages_of(form)
        if language not in facts.rules.languages
    ]
    if spare:
        yield _(
            "Not used, because this team doesn't offer it (LANGUAGES): {languages}.",
            languages=_.listed(spare),
        )


def _languages_of(form: Form) -> list[str]:
    """Every language that a form says something in, as it names them."""
    keys = (key.partition("-")[0] for texts in texts_of(form) for key in texts if texts[key])
    return list(dict.fromkeys(keys))


def _versions(form: Form, facts: Facts) -> Iterator[str]:
    """How far the form's own language has the reading versions; what is missing is asked in plain words."""
    _, language = facts.words, form.default_language
    names = version_names(_)
    for version in (v for v in VERSIONS if v != "normal" and v in facts.library.versions(language)):
        there = sum(1 for texts in texts_of(form) if texts.get(f"{language}-{version}"))
        missing = _how_many_texts(form) - there
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


def _missing(form: Form, language: str) -> int:
    """Texts that say something, but nothing in this language; a reading version of it counts."""
    return sum(
        1
        for texts in texts_of(form)
        if any(texts.values()) and not any(key.partition("-")[0] == language and texts[key] for key in texts)
    )


def _how_many_texts(form: Form) -> int:
    return sum(1 for texts in texts_of(form) if any(texts.values()))


def _decides(form: Form, _: Words) -> str:
    who = form_words(form, _)(form.decision_maker)
    return _("Who decides: {who}.", who=who) if who else _("It doesn't say yet who decides.")
