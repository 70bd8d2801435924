"""What is promised around a consultation: who decides, by when they answer, what happens next."""

from collections.abc import Iterable

from conversations.consultations.form_text import form_words
from conversations.consultations.respond.response import Response
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.people.names import band_names


def answered_by(response: Response, facts: Facts) -> tuple[str, ...]:
    """Before it begins: who decides, and by when there is an answer; what the form says of it."""
    _ = _beside(response, facts)
    who, reply_by = _who(response, facts), response.about.reply_by
    return (
        _("Who decides: {who}.", who=who) if who else "",
        _("You'll get an answer by {date}.", date=_.short_date(reply_by)) if reply_by else "",
    )


def parted(only_in: str, about: Iterable[str], ours: Iterable[str] = ()) -> str:
    """What a form says of itself, and what Heard says of it. In two languages they are parted, with a word on why:
    `only_in` (see `form_words`).
    """
    parts = ["\n".join(filter(None, part)) for part in (about, ours)]
    return "\n\n".join(filter(None, (only_in, *parts))) if only_in else "\n".join(filter(None, parts))


def what_next(response: Response, facts: Facts) -> str:
    """At the end: who reads it, by when they answer, and where the answer will be, or is."""
    _ = _beside(response, facts)
    if response.about.state in ("answered", "revisited"):
        return facts.words("It has been answered. You find the answer here: /changed.")
    who, reply_by = _who(response, facts) or facts.rules.organisation, response.about.reply_by
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


def until_when(response: Response, facts: Facts) -> str:
    """How long answers can be changed."""
    _, closes = facts.words, response.about.closes_at
    if closes:
        return _("You can change your answers until {date}.", date=_.short_date(closes))
    return _("You can change your answers until it closes.")


def why(response: Response, facts: Facts) -> str:
    """Why somebody is asked, and that they need not answer."""
    _, bands, who = facts.words, response.about.bands, _who(response, facts)
    names = band_names(_)
    for_whom = (
        _("It's for people your age: {ages}.", ages=_.listed(names[band] for band in bands))
        if bands
        else _("It's for every young person here.")
    )
    reaches = (
        _("What you say goes to {who}.", who=who)
        if who and not form_words(response.form, _).only_in
        else _("What you say goes to {team}.", team=facts.rules.organisation)
    )
    free = _("You don't have to. You can skip questions, and stop at any time.")
    return "\n".join((for_whom, reaches, _("The team sees answers, not who gave them."), free))


def _beside(response: Response, facts: Facts) -> Words:
    """Heard's own words where the form's stand in the same sentence: both in one language."""
    return form_words(response.form, facts.words).ours(facts.library)


def _who(response: Response, facts: Facts) -> str:
    return form_words(response.form, facts.words)(response.form.decision_maker)
