"""Pausing and leaving: /stop ends all messages, /delete erases everything. Both say plainly what happens."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import ChatLine, HelpLine
from conversations.core.messages import Choice, Row, Say, Session
from conversations.people.effects import Forget, StopMessages
from conversations.people.facts import OwnCases


def open_stop(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/stop: no messages until /start. Answers stay."""
    _ = facts.words
    text = _(
        "I won't send you anything more. What you told me is still here. To get messages again: /start. To delete everything: /delete."
    )
    return Turn(session.goto("leaving.stopped"), (Say(text),), (StopMessages(),))


def ask_stopped(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    return Say(_("Come back whenever you like."), rows=((Choice("/start", _("Start again")),),))


def take_nothing(_session: Session, _event: Event, _facts: Facts) -> Turn | None:
    # Its only button is a command.
    return None


def open_delete(session: Session, _asked: Asked, _facts: Facts) -> Turn:
    return Turn(session.goto("leaving.sure"))


def ask_sure(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    lines = [
        _("This deletes your answers, what you raised, your choices and our messages. It can't be undone."),
        _(
            "If someone in the team is helping you to be safe, they keep a case number. Until that case is closed, they keep a way to reach you, your language, and a copy of the words that I was worried about. What you and the team wrote to each other stays too."
        ),
    ]
    if facts.channel.copy_stays:
        lines.append(_(facts.channel.copy_stays))
    if facts.person.roles:
        lines.append(_("You also leave the team."))
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, delete it")), Choice("no", _("No, keep it"))),)
    return Say("\n\n".join(lines), heading=_("Delete everything?"), rows=rows, replaces=True)


def take_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _ = facts.words
    match event:
        case Chose(_visit, "yes"):
            return Turn(
                session.goto("leaving.gone"),
                (Say(_done_text(facts)),),
                (Forget(),),
            )
        case Chose(_visit, "no"):
            return Turn(session.goto("home"), (Say(_("Nothing was deleted.")),))
    return None


def _done_text(facts: Facts) -> str:
    _ = facts.words
    if facts[OwnCases].numbers:
        return _("Done. Everything you told me is deleted, except what the open case keeps.")
    return _("Done. Everything you told me is deleted.")


def ask_gone(_session: Session, facts: Facts) -> Say:
    _ = facts.words
    return Say(
        _("You can come back any time. You would start from the beginning."),
        rows=((Choice("/start", _("Start again")),),),
    )


STEPS = (
    Step("leaving.stopped", ask_stopped, take_nothing),
    Step("leaving.sure", ask_sure, take_sure, needs=(OwnCases,)),
    Step("leaving.gone", ask_gone, take_nothing),
)
COMMANDS = (
    Command(
        "stop",
        open_stop,
        anytime=True,
        label=N_("Stop all messages"),
        page=110,
        chat=ChatLine(80, N_("Stop all messages")),
        help=(HelpLine(90, "joined", N_("· /stop: no more messages.")),),
    ),
    Command(
        "delete",
        open_delete,
        anytime=True,
        label=N_("Delete everything"),
        page=120,
        chat=ChatLine(70, N_("Delete everything")),
    ),
)
