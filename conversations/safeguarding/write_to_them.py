"""/cases: somebody who works on a case writes to its person."""

from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.messages import Row, Say, Session
from conversations.core.pagination import back_row
from conversations.safeguarding.cases import case_name, say_closed
from conversations.safeguarding.casework.entries import MESSAGE_MOST
from conversations.safeguarding.effects import WriteToThem
from conversations.safeguarding.facts import OneCase
from conversations.safeguarding.help.reply import answer_row
from conversations.safeguarding.helplines import message_to_person
from conversations.team.rights import Rights


def ask_write(_session: Session, facts: Facts) -> Say:
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return say_closed(_)
    lines = (
        _("Write what I should send. It goes to them at once, just as you write it."),
        _(
            "They can answer you here, if they want to; you read it on the web page. Say who you are, and how and when they can reach you."
        ),
        *(
            (_("They said that they don't want to write here now. Write only if you need to."),)
            if case.thread_stopped
            else ()
        ),
    )
    rows: tuple[Row, ...] = (back_row(_),)
    return Say("\n\n".join(lines), heading=case_name(case, _), rows=rows, expects="text", replaces=True)


def take_write(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return None
    match event:
        case Chose(_visit, "back"):
            return Turn(session.goto("cases.one", case=case.id))
        case Said(text) if len(text) > MESSAGE_MOST:
            return Turn(session, (Say(_("That is too long. Stay under {n} letters.", n=MESSAGE_MOST)),))
        case Said(text) if text.strip():
            theirs = facts.library.words(case.language, case.version)
            by_lead = facts.person.may(Rights.LEAD_SAFEGUARDING)
            heading, whole = message_to_person(
                text.strip(), facts.rules.organisation, theirs, by_lead=by_lead
            )
            say = Say(whole, heading=heading, rows=(answer_row(theirs),), language=theirs.language)
            sent = WriteToThem(case.id, text.strip(), say)
            return Turn(
                session.goto("cases.one", case=case.id), (Say(_("It is on its way to them.")),), (sent,)
            )
    return None
