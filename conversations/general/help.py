"""/help and /rights: who can help, what Heard can do, and what somebody may ask of the people who decide."""

from collections.abc import Iterator

from conversations.core.engine import Opening, Turn, at_home
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Say, Session
from conversations.safeguarding.helplines import helplines_for
from conversations.team.rights import Rights

# Checked together with the helplines: helplines.CHECK_AGAIN_BY.
ALWAYS_HEARD = "0808 800 5792"
HELP_AT_HAND = "0800 528 0731"
OMBUDSMAN = "0300 061 0614"


def open_help(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/help: people first, then what can be done here; after it the present question again."""
    _ = facts.words
    if facts.person.is_staff:
        return Turn(session, (Say("\n".join(_for_staff(facts)), heading=_("Help")),))
    lines = (_("If you need to talk to a person now:"), *_helplines(facts), "", *_what_i_can_do(facts))
    return Turn(session, (Say("\n".join(lines), heading=_("Help")),))


def open_rights(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/rights: what somebody is entitled to, who is on their side, and how to complain."""
    _ = facts.words
    lines = (*_yours(_), "", *_on_your_side(_), "", *_complaints(facts), "", *_helplines(facts))
    return Turn(session, (Say("\n".join(lines), heading=_("Your rights")),))


def _helplines(facts: Facts) -> Iterator[str]:
    _ = facts.words
    for line in helplines_for(facts.person.band):
        yield _(line.sentence, number=line.number)


def _what_i_can_do(facts: Facts) -> Iterator[str]:
    _, rules = facts.words, facts.rules
    yield _("I'm a bot. Nobody watches this chat all the time.")
    if at_home(facts.person):
        yield _("What I can do for you:")
        yield _("· /say: have your say on what's open now.")
        yield _("· /ways: choose how you want to be involved.")
        yield _("· /raise: tell the team something of your own.")
        yield _("· /changed: see what changed because of you.")
        yield _("· /revisit: say whether it has really happened.")
        if facts.person.may(Rights.COUNT_ISSUES):
            yield _("· /results: see what people said, in numbers.")
        yield _("· /settings: change the language, how Heard writes, or your age group.")
        yield _("· /mydata: see everything I keep about you. /delete: delete it.")
        yield _("· /stop: no more messages.")
    else:
        yield _("· /start: begin, or begin again.")
    yield _("· /privacy: what happens to what you say.")
    yield _("· /rights: what you can ask for, and who is on your side.")
    yield ""
    yield _("To talk to the team, {team}: {contact}", team=rules.organisation, contact=rules.contact)


def _yours(_: Words) -> Iterator[str]:
    yield _("· You have the right to say what you think about things that affect you.")
    yield _("· The people who decide have to take what you say seriously.")
    yield _("· They owe you an answer. If they say no, they owe you the reason.")
    yield _("· You don't have to answer anything. Nothing bad happens if you don't.")
    yield _("· You can see or delete what I keep about you: /mydata, /delete.")


def _on_your_side(_: Words) -> Iterator[str]:
    yield _("People who can speak up for you, free. They are not part of the council:")
    yield _(
        "· Always Heard, if you are in care, were in care, or need an advocate: {number}.",
        number=ALWAYS_HEARD,
    )
    yield _("· Help at Hand, from the Children's Commissioner: {number}.", number=HELP_AT_HAND)


def _complaints(facts: Facts) -> Iterator[str]:
    _ = facts.words
    yield _("If something went wrong:")
    yield _("· Tell the team first: {contact}", contact=facts.rules.contact)
    yield _("· If that doesn't help, the Ombudsman can look into it: {number}.", number=OMBUDSMAN)
    yield _("· A complaint never changes what you get, or what you can take part in.")


def _for_staff(facts: Facts) -> Iterator[str]:
    _, person = facts.words, facts.person
    if person.may(Rights.WRITE_CONSULTATIONS):
        yield _(
            "· /consult: ask young people something. Send me a workbook (XLSForm), and I show you what I understood."
        )
    if person.may(Rights.ANSWER_ISSUES):
        yield _("· /inbox: what young people raise of their own, and what the team answers.")
        yield _("· /results: what they said, in numbers and as a picture.")
        yield _("· /outcome: tell them what came of it: you said, we heard, we did.")
        yield _("· /happened: what you promised and what stands open of it.")
        yield _("· /promises: what you promised and by when, and moving a day.")
        yield _("· /sent: what was sent to many, and whether it arrived.")
    if person.may(Rights.WRITE_CONSULTATIONS):
        yield _("· /news: good news, to tell young people what they achieved.")
    if person.may(Rights.SEE_CASES):
        yield _("· /cases: signs that somebody may not be safe.")
    yield _("· /team: who is in the team, your other door, signing out.")
    yield _("· /privacy and /rights: what young people are told.")
    yield _("· /home: back to the start, from anywhere.")
    yield ""
    yield _("If a young person is in danger now, call {number}. Don't wait for the bot.", number="999")


OPENINGS = (
    Opening("help", open_help, anytime=True),
    Opening("rights", open_rights, anytime=True),
)
