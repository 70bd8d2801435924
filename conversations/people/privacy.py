"""/privacy: what happens to people's data, in the chat at any time and on the page. First the short of it, then more
under headings, one at a time in a chat: together they say what Article 13 of the UK GDPR asks.
"""

from collections.abc import Callable

from conversations.core.channels import CHANNELS
from conversations.core.engine import Command, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine
from conversations.core.messages import Choice, Say, Session
from conversations.core.record import Record

Lines = tuple[str, ...]


class Section(Record):
    """More about one thing. `key` follows the command, as in "/privacy long"."""

    key: str
    heading: str
    lines: Callable[[Facts], Lines]


def privacy_text(facts: Facts) -> str:
    """The short of it: who runs Heard and why, who sees what, how long it is kept, and what Heard cannot promise."""
    _, rules = facts.words, facts.rules
    return "\n".join(
        (
            _("{team} runs me, so that what you say reaches the people who decide.", team=rules.organisation),
            _(
                "· I keep your age group, your answers, what you raise, your choices and a way to message you. I don't ask for your name or number."
            ),
            _("· Workers in the team see answers, not who gave them."),
            retention_line(facts),
            _(
                "· A machine looks through everything you write for signs that someone may not be safe. If it isn't sure, someone in the team reads it first. No machine learns from what you write."
            ),
            _(
                "· If something you write sounds like danger, I may tell someone in the team, so that they can help. They can read it, and a copy stays until they have finished helping."
            ),
            _("· Nobody watches this chat all the time."),
            _("· /mydata shows everything I keep about you. /delete deletes it."),
            _("Questions? {contact}", contact=rules.contact),
        )
    )


def retention_line(facts: Facts) -> str:
    """How long free text is kept."""
    return facts.words(
        "· What you write in your own words is kept for {days} days at most. After that, I keep only counts.",
        days=facts.rules.retention_days,
    )


def _in_charge(facts: Facts) -> Lines:
    _, rules = facts.words, facts.rules
    return (
        _("· {controller} decides what I keep, and why.", controller=rules.controller or rules.organisation),
        *((_("· Why the law allows it: {basis}", basis=rules.lawful_basis),) if rules.lawful_basis else ()),
        *(
            (
                _(
                    "· Someone there checks that your data is looked after. You can ask them anything: {contact}",
                    contact=rules.dpo_contact,
                ),
            )
            if rules.dpo_contact
            else ()
        ),
        _("· You don't have to take part. Nothing bad happens if you say no."),
    )


def _who_gets_it(facts: Facts) -> Lines:
    _, rules = facts.words, facts.rules
    return (
        _("· The team reads what you write. They don't see your name or number."),
        _(
            "· If someone may not be safe, we may tell people whose job it is to help: a social worker, a doctor, the police."
        ),
        *((_("· Who else may get some of it: {who}", who=rules.recipients),) if rules.recipients else ()),
        *((_("· Where the computers are: {place}", place=rules.hosted_in),) if rules.hosted_in else ()),
        *(
            _(one.copy_abroad)
            for one in CHANNELS
            if one.copy_abroad and (one == facts.channel or rules.account(one))
        ),
        _("· No one sells it, and there are no adverts."),
    )


def _how_long(facts: Facts) -> Lines:
    _, rules = facts.words, facts.rules
    return (
        retention_line(facts),
        _("· Before you say yes, I keep only what I need to answer you: for a day."),
        _(
            "· Your age group, what you pick and a way to message you stay until you use /delete."
            " If you don't come for {n} months, I ask you. Then I delete them after 30 days.",
            n=rules.dormant_months,
        ),
        *(
            (
                _(
                    "· This page keeps our conversation for {n} days, so that you can read it again.",
                    n=rules.shown_days,
                ),
            )
            if facts.channel.keeps_history
            else ()
        ),
        _(
            "· When we help someone be safe, their words go when the help ends. The number, the dates and the kind of worry stay longer."
        ),
        _("· We keep spare copies for {n} days, in case something breaks.", n=30),
        _(
            "· When you use /delete, a code and the day stay for {n} days. They stop an old copy from bringing you back. Nobody can read who you are.",
            n=400,
        ),
        _(
            "· Our page keeps a cookie on your phone or computer, for up to a year. It only lets me know you again. On a shared one it goes sooner."
        ),
    )


def _your_rights(facts: Facts) -> Lines:
    _, rules = facts.words, facts.rules
    return (
        _("· See and save what I keep: /mydata. Delete it: /delete."),
        _(
            "· You can ask us to put it right, to stop using it, or to keep it but not use it: {contact}",
            contact=rules.contact,
        ),
        _("· You said yes? You can take that back any time: /delete."),
        _(
            "· What stays then: numbers without names that were already shown, and what the team had already saved in a file."
        ),
        _(
            "· Not happy with how we treat your data? Tell us: {contact} We tell you within {n} days that we got it, and then what we found.",
            contact=rules.contact,
            n=30,
        ),
        _(
            "· You can also tell the ICO. They check on everybody who keeps data: ico.org.uk, or call 0303 123 1113."
        ),
        _("· A machine never decides anything about you. It only asks a person to look."),
    )


SECTIONS = (
    Section("who", N_("Who is in charge"), _in_charge),
    Section("others", N_("Who gets to see it"), _who_gets_it),
    Section("long", N_("How long I keep it"), _how_long),
    Section("rights", N_("What you can ask for"), _your_rights),
)


def section_text(section: Section, facts: Facts) -> str:
    return "\n".join(section.lines(facts))


def say_privacy(facts: Facts) -> Say:
    """The short of it, with a button for each heading."""
    rows = tuple(
        tuple(Choice(f"/privacy {one.key}", facts.words(one.heading)) for one in pair)
        for pair in (SECTIONS[:2], SECTIONS[2:])
    )
    return Say(privacy_text(facts), heading=facts.words("Your privacy"), rows=rows)


def open_privacy(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/privacy: answers on the spot, and repeats the current question. "/privacy long" says more about one thing."""
    for one in SECTIONS:
        if one.key == asked.argument:
            return Turn(session, (Say(section_text(one, facts), heading=facts.words(one.heading)),))
    return Turn(session, (say_privacy(facts),))


COMMANDS = (
    Command(
        "privacy",
        open_privacy,
        anytime=True,
        label=N_("Privacy"),
        address="/privacy",
        page=70,
        chat=ChatLine(90, N_("What happens to what you say")),
        help=(
            HelpLine(100, "everybody", N_("· /privacy: what happens to what you say.")),
            HelpLine(110, "staff", N_("· /privacy and /rights: what young people are told.")),
        ),
    ),
)
