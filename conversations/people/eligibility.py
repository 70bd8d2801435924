"""Turns away people who are too young, too old, or too young for a channel, and says where to go instead."""

from conversations.core.facts import Facts
from conversations.core.messages import Link, Say
from conversations.core.person import Band, youngest
from conversations.people.facts import OwnCases


def say_not_eligible(band: Band, facts: Facts) -> Say | None:
    """Says why somebody of this age cannot use Heard here, and whom to ask instead; None if they can."""
    _, rules = facts.words, facts.rules
    team = {"team": rules.organisation, "contact": rules.contact}
    if band == "26plus":
        text = _("Heard is for people up to 25. You can talk to {team} instead: {contact}.", **team)
        return Say(f"{text} {kept_nothing_text(facts)}")
    if youngest(band) < rules.minimum_age:
        text = _(
            "I'm for people a little older. A grown-up you trust can ask {team} for you: {contact}.", **team
        )
        return Say(f"{text} {kept_nothing_text(facts, for_a_day=True)}")
    if youngest(band) < rules.minimum_age_on(facts.channel):
        return _say_use_page(facts)
    return None


def _say_use_page(facts: Facts) -> Say:
    """Sends people below the channel's minimum age to the page. It links to the page only if a phone can reach it."""
    _, rules, channel = facts.words, facts.rules, facts.channel
    age = rules.minimum_age_on(channel)
    if rules.is_reachable:
        text = _(channel.too_young, age=age)
        return Say(
            f"{text} {kept_nothing_text(facts)}", rows=((Link(_("Open the page"), rules.public_url),),)
        )
    text = _(channel.too_young_offline, age=age, team=rules.organisation, contact=rules.contact)
    return Say(f"{text} {kept_nothing_text(facts)}")


def kept_nothing_text(facts: Facts, *, for_a_day: bool = False) -> str:
    """Says what is kept of somebody who leaves. A chat is known for a day, so that the goodbye arrives, and so is whoever was too
    young: see turned_away.py. Another page is gone with what it said.
    """
    _ = facts.words
    if facts[OwnCases].numbers:
        return _(
            "A case is open, to help you be safe. It keeps a number. Until it's closed, it also keeps a way to reach you, your language, and a copy of the words that I was worried about. What you and the team wrote to each other stays too. I've kept nothing else."
        )
    if facts.channel.pushes or for_a_day:
        return _("I've kept nothing you said. For one day I remember how to answer you.")
    return _("I've kept nothing.")
