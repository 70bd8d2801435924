"""Whom Heard is not for: too young, too old, or too young for a channel; and where else they are heard."""

from conversations.core.facts import Facts
from conversations.core.messages import Link, Say
from conversations.core.person import Band, youngest
from conversations.people.facts import OwnCases


def too_young_or_old(band: Band, facts: Facts) -> Say | None:
    """Why not, and who is there for them instead; nothing for whoever may stay."""
    _, rules = facts.words, facts.rules
    team = {"team": rules.organisation, "contact": rules.contact}
    if band == "26plus":
        text = _("Heard is for people up to 25. You can talk to {team} instead: {contact}.", **team)
        return Say(f"{text} {kept_nothing(facts)}")
    if youngest(band) < rules.minimum_age:
        text = _(
            "I'm for people a little older. A grown-up you trust can ask {team} for you: {contact}.", **team
        )
        return Say(f"{text} {kept_nothing(facts)}")
    if youngest(band) < rules.minimum_age_on(facts.channel):
        return _to_the_page(facts)
    return None


def _to_the_page(facts: Facts) -> Say:
    """Where people below a channel's own age go; the page's address only where a phone can open it."""
    _, rules, channel = facts.words, facts.rules, facts.channel
    age = rules.minimum_age_on(channel)
    if rules.is_reached:
        text = _(channel.too_young, age=age)
        return Say(f"{text} {kept_nothing(facts)}", rows=((Link(_("Open the page"), rules.public_url),),))
    text = _(channel.too_young_offline, age=age, team=rules.organisation, contact=rules.contact)
    return Say(f"{text} {kept_nothing(facts)}")


def kept_nothing(facts: Facts) -> str:
    """What is left of somebody who does not stay: nothing, but for an open case."""
    _ = facts.words
    if facts[OwnCases].numbers:
        return _(
            "A case is open, to help you be safe. It keeps a number, and a way to reach you until it's closed. I've kept nothing else."
        )
    return _("I've kept nothing.")
