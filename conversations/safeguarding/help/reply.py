"""/reply: the person of a case writes to whoever helps them, if they want to. They can leave it, and stop it."""

from conversations.core.engine import Command, Step, Turn
from conversations.core.events import Asked, Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.menus import HomeButton
from conversations.core.messages import Choice, Row, Say, Session
from conversations.people.facts import OwnCases
from conversations.safeguarding.casework.entries import MESSAGE_MOST, REPLY, OwnThread
from conversations.safeguarding.detector import CHECKED_LANGUAGES
from conversations.safeguarding.effects import AnswerInCase, AskForCall, StopThread
from conversations.safeguarding.help.ways import Helplines, helpline_lines, say_with_help

_BACK = "reply.back"


def answer_row(_: Words) -> Row:
    """The buttons under a helper's message. They never go stale, because a case may be open for weeks."""
    return (Choice("/reply", _("Answer")), Choice("/reply later", _("Not now")))


def open_reply(session: Session, asked: Asked, facts: Facts) -> Turn:
    """/reply, "/reply later" from *Not now*, or "/reply talk" below the news that somebody knows of their case."""
    _, thread = facts.words, facts[OwnThread]
    if thread.case is None and asked.argument == "talk" and facts[OwnCases].numbers:
        return Turn(_begin(session), effects=(AskForCall(),))
    if thread.case is None:
        return Turn(session, (_say_over(facts),))
    if asked.argument == "later":
        return Turn(session, (Say(_("That's fine. You can answer at any time: /reply.")),))
    return Turn(session if session.step == REPLY else _begin(session))


def ask_reply(_session: Session, facts: Facts) -> Say:
    _, thread = facts.words, facts[OwnThread]
    if thread.case is None:
        return _say_over(facts, _later_row(_))
    lines = (
        _("What would you like to tell them?"),
        _(
            "Only whoever helps you with this reads it, and the person who keeps young people safe. They may not be at work now, so I don't know how soon they read it."
        ),
        "",
        _("If you don't want to wait:"),
        *helpline_lines(facts),
        *_unread_notice(_),
    )
    stop: tuple[Row, ...] = () if thread.stopped else ((Choice("stop", _("Stop writing"), aside=True),),)
    return Say(
        "\n".join(lines), heading=_("To whoever helps you"), rows=(_later_row(_), *stop), expects="text"
    )


def take_reply(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, thread = facts.words, facts[OwnThread]
    match event:
        case Chose(_visit, "later"):
            return Turn(_go_back(session))
        case Chose(_visit, "stop") if thread.case is not None:
            stopped = _(
                "That's fine. They see that you don't want to write here now. They may still write to you, if they worry about you. To start again: /reply."
            )
            return Turn(_go_back(session), (Say(stopped),), (StopThread(thread.case),))
        case Said(text) if thread.case is not None and len(text) > MESSAGE_MOST:
            long = _(
                "That is {n} letters long, and I can take {most}. Can you make it shorter?",
                n=len(text),
                most=MESSAGE_MOST,
            )
            return Turn(session, (Say(long),))
        case Said(text) if thread.case is not None and text.strip():
            kept = _(
                "It's there for them to read. When they write back, it comes here. To write again: /reply."
            )
            return Turn(_go_back(session), (Say(kept),), (AnswerInCase(thread.case, text.strip()),))
        case Said(text) if thread.case is None and text.strip():
            return Turn(session, (Say(_("I haven't kept that, because nobody would read it here now.")),))
    return None


def _say_over(facts: Facts, *rows: Row) -> Say:
    """When there is nobody who would read it: kind words, and who can help."""
    _ = facts.words
    lines = (
        _("Nobody in our team is writing with you here now. If you need somebody, these people are there:"),
        *helpline_lines(facts),
    )
    return say_with_help("\n".join(lines), facts, *rows)


def _begin(session: Session) -> Session:
    """Enters the step, and keeps where they were with its notes, so that they lose nothing there."""
    return session.goto(REPLY, **{**session.notes, _BACK: session.step})


def _go_back(session: Session) -> Session:
    rest = {name: note for name, note in session.notes.items() if name != _BACK}
    return session.goto(str(session.notes.get(_BACK, "home")), **rest)


def _later_row(_: Words) -> Row:
    return (Choice("later", _("Not now"), aside=True),)


def _unread_notice(_: Words) -> tuple[str, ...]:
    if _.language in CHECKED_LANGUAGES:
        return ()
    return (_("I can't tell from your words here if you need help. If you need help now, send /help."),)


def _home_label(facts: Facts) -> str:
    _, thread = facts.words, facts[OwnThread]
    return _("Write to whoever helps you") if thread.case is not None else ""


STEPS = (Step(REPLY, ask_reply, take_reply, needs=(OwnThread, Helplines)),)
COMMANDS = (
    Command(
        "reply",
        open_reply,
        needs=(OwnThread, OwnCases, Helplines),
        anytime=True,
        label=N_("Write to whoever helps you"),
        home=(HomeButton(5, "joined", label=_home_label, needs=(OwnThread,)),),
    ),
)
