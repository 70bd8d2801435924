"""Who was too young is offered no other age for a day, so that nobody learns to be older. The place in the conversation
remembers it, at the address that is kept for that day anyway.
"""

from datetime import timedelta

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Say, Session
from conversations.core.person import Band, youngest

_FOR = timedelta(days=1)
UNTIL = "until"  # a note that survives every detour, in seconds since 1970


def turn_away(session: Session, band: Band, facts: Facts) -> Session:
    """Goes to where newcomers end. Somebody who is too old may have slipped, and may start again at once."""
    if (
        youngest(band) >= facts.rules.minimum_age_on(facts.channel)
        and youngest(band) >= facts.rules.minimum_age
    ):
        return session.goto("join.elsewhere")
    return session.goto("join.elsewhere", until=int((facts.now + _FOR).timestamp()))


def is_turned_away(session: Session, facts: Facts) -> bool:
    return UNTIL in session.notes and session.number(UNTIL) > facts.now.timestamp()


def say_where_else(session: Session, facts: Facts) -> Say:
    _, rules = facts.words, facts.rules
    if is_turned_away(session, facts):
        return Say(
            _(
                "You can start again tomorrow. Until then I only remember that you were here. Did you tap the wrong age? Tell {team}: {contact}",
                team=rules.organisation,
                contact=rules.contact,
            ),
            rows=((Choice("/help", _("Help now")),),),
        )
    return Say(_("You can come back any time."), rows=((Choice("/start", _("Start again")),),))
