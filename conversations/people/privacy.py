"""/privacy: what happens to people's data, in the chat at any time and on the page."""

from conversations.core.engine import Command, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine
from conversations.core.messages import Say, Session


def privacy_text(facts: Facts) -> str:
    """Who runs Heard and why, who sees what, how long it is kept, and what Heard cannot promise."""
    _, rules = facts.words, facts.rules
    return "\n".join(
        (
            _("{team} runs me, so that what you say reaches the people who decide.", team=rules.organisation),
            _(
                "· I keep your age group, your answers, what you raise, your choices and a way to message you. I don't ask for your name or number."
            ),
            _("· Workers in the team see answers, not who gave them."),
            retention_line(facts),
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


def open_privacy(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/privacy: answers on the spot, and repeats the current question."""
    return Turn(session, (Say(privacy_text(facts), heading=facts.words("Your privacy")),))


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
