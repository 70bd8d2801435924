"""The message that asks somebody to have their say."""

from conversations.consultations.form_text import form_words
from conversations.consultations.respond.commitments import answered_by, parted
from conversations.consultations.respond.response import OneResponse
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session


def say_consultation(_session: Session, facts: Facts) -> Say | None:
    """Something new is open for them. What has closed meanwhile is not offered."""
    _, response = facts.words, facts[OneResponse].response
    if response is None or not response.open:
        return None
    said = form_words(response.form, _)
    about = (said(response.form.about), *answered_by(response, facts))
    rows = (
        (Choice(f"/say {response.about.id}", _("Have your say")),),
        (Choice("/settings", _("Fewer messages"), aside=True),),
    )
    if said.only_in:
        return Say(parted(said.only_in, (said.title, *about)), heading=_("Something new is open."), rows=rows)
    heading = _("Something new is open: {title}", title=said.title)
    return Say(parted("", about), heading=heading, rows=rows)
