"""What somebody did on a page, in words: what they typed, or the label of the button that they tapped."""

from sqlalchemy import bindparam, desc, select

from conversations.core.events import Chose, Event, Said
from conversations.core.messages import Choice, Say
from storage.core.unit_of_work import Db, prepared
from storage.outbox import outbox as messages
from storage.tables import outbox

# Every turn on a page runs these: see `prepared`.
_OF_OURS = (
    select(outbox.c.once, outbox.c.kind, outbox.c.sealed, outbox.c.quotes)
    .where(outbox.c.door_id == bindparam("door"), outbox.c.sealed.is_not(None), outbox.c.kind != "own")
    .order_by(desc(outbox.c.id))
)
_TAPPED, _NEWEST = prepared(_OF_OURS.where(outbox.c.id == bindparam("line"))), prepared(_OF_OURS.limit(3))


def event_text(db: Db, door: int, event: Event, line: str | None) -> tuple[str, str]:
    """The text of an event (what was typed, or the button's label), and the answers that the button's message quotes.
    `line` is that message's id, if the page sent it.
    """
    if isinstance(event, Said):
        return event.text, ""
    if not isinstance(event, Chose):
        return "", ""
    found = db.run(_TAPPED, {"door": door, "line": int(line)}) if line else db.run(_NEWEST, {"door": door})
    for row in found:
        if label := _label(messages.unseal(db, row.once, row.sealed), event.key, row.kind):
            return label, row.quotes or ""
    return "", ""


def _label(say: Say, key: str, kind: str) -> str:
    """A button's label. For the Done of several options, those that were ticked. An ephemeral message is not quoted in
    full.
    """
    buttons = [button for row in say.rows for button in row if isinstance(button, Choice)]
    ticked = [_full_label(button.label, say) for button in buttons if button.ticked]
    if key == "done" and ticked:
        return ", ".join(ticked)
    tapped = (button.label for button in buttons if button.key == key)
    return next((label if kind == "passing" else _full_label(label, say) for label in tapped), "")


def _full_label(label: str, say: Say) -> str:
    """The line that a button's number refers to, or the label itself."""
    lines = (line.partition(". ") for line in say.text.splitlines())
    return next((text for number, _, text in lines if number == label and text), label)
