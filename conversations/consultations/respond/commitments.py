"""What a consultation promises: who decides, when they answer, what happens next."""

from collections.abc import Iterable

from conversations.consultations.form_text import form_words
from conversations.consultations.respond.response import Response
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.people.names import band_names


def decider_lines(response: Response, facts: Facts) -> tuple[str, ...]:
    """For the introduction: who decides, and when they answer."""
    _ = _form_language_words(response, facts)
    who, reply_by = _decider(response, facts), response.about.reply_by
    return (
        _("Who decides: {who}.", who=who) if who else "",
        _("You'll get an answer by {date}.", date=_.short_date(reply_by)) if reply_by else "",
    )


def join_parts(language_note: str, about: Iterable[str], ours: Iterable[str] = ()) -> str:
    """Joins the form's own lines with Heard's. If they are in two languages, a blank line parts them, and
    `language_note` (see `FormWords`) comes first.
    """
    parts = ["\n".join(filter(None, part)) for part in (about, ours)]
    return (
        "\n\n".join(filter(None, (language_note, *parts)))
        if language_note
        else "\n".join(filter(None, parts))
    )


def what_next(response: Response, facts: Facts) -> str:
    """For the receipt: who reads the answers, when they answer, and where the outcome will be, or is."""
    _ = _form_language_words(response, facts)
    if response.about.state in ("answered", "revisited"):
        return facts.words("It has been answered. You find the answer here: /changed.")
    who, reply_by = _decider(response, facts) or facts.rules.organisation, response.about.reply_by
    if reply_by:
        reads = _(
            "Next: {who} will read what everyone said, and answer by {date}.",
            who=who,
            date=_.short_date(reply_by),
        )
    else:
        reads = _("Next: {who} will read what everyone said.", who=who)
    words = facts.words
    told = (
        words("You'll find the answer at /changed.") if facts.person.stopped else words("I'll tell you here.")
    )
    return f"{reads} {told}" if _.language == words.language else f"{reads}\n{told}"


def change_deadline(response: Response, facts: Facts) -> str:
    """How long answers can be changed, as a sentence."""
    _, closes = facts.words, response.about.closes_at
    if closes:
        return _("You can change your answers until {date}.", date=_.short_date(closes))
    return _("You can change your answers until it closes.")


def why_text(response: Response, facts: Facts) -> str:
    """Why this person is asked, and that answering is voluntary."""
    _, bands, who = facts.words, response.about.bands, _decider(response, facts)
    names = band_names(_)
    for_whom = (
        _("It's for people your age: {ages}.", ages=_.comma_list(names[band] for band in bands))
        if bands
        else _("It's for every young person here.")
    )
    reaches = (
        _("What you say goes to {who}.", who=who)
        if who and not form_words(response.form, _).language_note
        else _("What you say goes to {team}.", team=facts.rules.organisation)
    )
    free = _("You don't have to. You can skip questions, and stop at any time.")
    return "\n".join((for_whom, reaches, _("The team sees answers, not who gave them."), free))


def _form_language_words(response: Response, facts: Facts) -> Words:
    """Heard's catalogue in the form's language, for sentences that include a text of the form."""
    return form_words(response.form, facts.words).heards_words(facts.library)


def _decider(response: Response, facts: Facts) -> str:
    return form_words(response.form, facts.words)(response.form.decision_maker)
