"""The message that asks somebody to have their say."""

from conversations.consultations.form_text import form_words
from conversations.consultations.respond.commitments import decider_lines, join_parts
from conversations.consultations.respond.response import OneResponse
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.team.corrections import correction_lines


def say_consultation(_session: Session, facts: Facts) -> Say | None:
    """Something new is open for them. Returns None if it has closed meanwhile."""
    return invitation(facts[OneResponse], facts)


def invitation(found: OneResponse, facts: Facts) -> Say | None:
    """The message that asks them."""
    _, response = facts.words, found.response
    if response is None or not response.open:
        return None
    said = form_words(response.form, _)
    corrected = correction_lines(response.form.corrections, _)
    about = (said(response.form.about), *decider_lines(response, facts), *corrected)
    rows = (
        (Choice(f"/say {response.about.id}", _("Have your say")),),
        (Choice("/settings", _("Fewer messages"), aside=True),),
    )
    if said.language_note:
        return Say(
            join_parts(said.language_note, (said.title, *about)),
            heading=_("Something new is open."),
            rows=rows,
        )
    heading = _("Something new is open: {title}", title=said.title)
    return Say(join_parts("", about), heading=heading, rows=rows)
