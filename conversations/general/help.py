"""/help and /rights: who can help, what Heard can do, and what people are entitled to."""

from collections.abc import Iterable, Iterator

from conversations.core.engine import Command, Turn, at_home
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import ChatLine, HelpLine, HomeButton, MenuReader
from conversations.core.messages import Say, Session
from conversations.core.themes import DATA_DAYS
from conversations.safeguarding.help.ways import Helplines, helpline_lines, say_with_help

# Checked together with the helplines that Heard comes with: CHECK_AGAIN_BY in conversations/safeguarding/help/ways.py.
ALWAYS_HEARD = "0808 800 5792"
HELP_AT_HAND = "0800 528 0731"
OMBUDSMAN = "0300 061 0614"
ICO = "0303 123 1113"


def help_command(others: Iterable[Command]) -> Command:
    """/help, which lists helplines first and then the other commands. The current question is repeated after it."""
    commands = tuple(others)

    def open_help(session: Session, _asked: Asked, facts: Facts) -> Turn:
        _ = facts.words
        if facts.person.is_staff:
            return Turn(session, (Say("\n".join(_staff_lines(commands, facts)), heading=_("Help")),))
        people = (_("If you need to talk to a person now:"), *helpline_lines(facts), "")
        text = "\n".join((*people, *_ability_lines(commands, facts)))
        return Turn(session, (say_with_help(text, facts, heading=_("Help")),))

    return Command(
        "help",
        open_help,
        needs=(Helplines,),
        anytime=True,
        label=N_("Help"),
        address="/help",
        page=90,
        chat=ChatLine(110, N_("Help, and who to call")),
        home=(HomeButton(80, "joined", column=2), HomeButton(70, "staff", column=2)),
    )


def _help_lines(commands: Iterable[Command], facts: Facts, *to: MenuReader) -> Iterator[str]:
    theirs = (command for command in commands if facts.person.may(command.right))
    lines = (line for command in theirs for line in command.help if line.to in to)
    for line in sorted(lines, key=lambda line: line.place):
        yield facts.words(line.text)


def open_rights(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/rights: what people are entitled to, who is on their side, and how to complain."""
    _ = facts.words
    lines = (
        *_rights_lines(_),
        "",
        *_advocate_lines(_),
        "",
        *_complaint_lines(facts),
        "",
        *helpline_lines(facts),
    )
    return Turn(session, (say_with_help("\n".join(lines), facts, heading=_("Your rights")),))


def _ability_lines(commands: Iterable[Command], facts: Facts) -> Iterator[str]:
    _, rules = facts.words, facts.rules
    yield _("I'm a bot. Nobody watches this chat all the time.")
    if at_home(facts.person):
        yield _("What I can do for you:")
        yield from _help_lines(commands, facts, "joined", "everybody")
    else:
        yield from _help_lines(commands, facts, "stranger", "everybody")
    yield ""
    yield _("To talk to the team, {team}: {contact}", team=rules.organisation, contact=rules.contact)


def _rights_lines(_: Words) -> Iterator[str]:
    yield _("· You have the right to say what you think about things that affect you.")
    yield _("· The people who decide have to take what you say seriously.")
    yield _("· They owe you an answer. If they say no, they owe you the reason.")
    yield _("· You don't have to answer anything. Nothing bad happens if you don't.")
    yield _("· You can see or delete what I keep about you: /mydata, /delete.")
    yield _("· You can take one thing back, or tell me not to use what you said: /mydata.")


def _advocate_lines(_: Words) -> Iterator[str]:
    yield _("People who can speak up for you, free. They are not part of the council:")
    yield _(
        "· Always Heard, if you are in care, were in care, or need an advocate: {number}.",
        number=ALWAYS_HEARD,
    )
    yield _("· Help at Hand, from the Children's Commissioner: {number}.", number=HELP_AT_HAND)


def _complaint_lines(facts: Facts) -> Iterator[str]:
    _ = facts.words
    yield _("If something went wrong:")
    yield _("· Tell the team first: {contact}", contact=facts.rules.contact)
    yield _("· If that doesn't help, the Ombudsman can look into it: {number}.", number=OMBUDSMAN)
    yield _(
        "· If it's about your data, tap *About my data* at /raise. The team writes back within {days} days.",
        days=DATA_DAYS,
    )
    yield _("· If that doesn't help, the ICO looks after everybody's data: {number}, ico.org.uk.", number=ICO)
    yield _("· A complaint never changes what you get, or what you can take part in.")


def _staff_lines(commands: Iterable[Command], facts: Facts) -> Iterator[str]:
    _ = facts.words
    yield from _help_lines(commands, facts, "staff")
    yield ""
    yield _("If a young person is in danger now, call {number}. Don't wait for the bot.", number="999")


COMMANDS = (
    Command(
        "rights",
        open_rights,
        needs=(Helplines,),
        anytime=True,
        label=N_("Your rights"),
        page=80,
        chat=ChatLine(100, N_("Your rights, and who is on your side")),
        help=(HelpLine(110, "everybody", N_("· /rights: what you can ask for, and who is on your side.")),),
    ),
)
