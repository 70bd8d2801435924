"""Tells owners that the database was restored from a backup; they decide about held messages in /sent."""

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.record import Record
from conversations.team.rights import Rights


class HeldCount(Record):
    """The number of held messages or, if there are none, of held broadcasts; 0 for those who may not release them."""

    n: int


def say_restored(_session: Session, facts: Facts) -> Say | None:
    _, n = facts.words, facts[HeldCount].n
    if not facts.person.may(Rights.KEEP_RUNNING):
        return None
    lines = [
        _("What was written since that copy was made is not there any more."),
        _("Who asked to be deleted since then was deleted again."),
        _("What was set to go out later is a draft again, for it may have gone out. Look at each of them."),
        _("Open invite links don't work any more. Make new ones."),
    ]
    rows: tuple[Row, ...] = ((Choice("/sent", _("All that was sent")),),)
    if n:
        lines.append(
            _.many("{n} message is held until you decide.", "{n} messages are held until you decide.", n)
        )
    text = "\n".join(f"· {line}" for line in lines)
    return Say(text, heading=_("An older copy of the database was put in place"), rows=rows)
