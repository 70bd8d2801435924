"""The result of a walk, in the database and on the phones, for comparing two walks."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from storage import tables
from storage.core.unit_of_work import Db
from storage.outcomes.outcomes import texts_of
from tests.botapi import Double
from tests.walks.running import Heard

MESSAGES = {"sendmessage", "sendphoto", "senddocument", "editmessagetext"}
TO_MANY = ("Sample: buses after school: here is what happened", "Something new is open")
SOON = 4  # messages
PROGRESS = (
    "the outcome is going out",
    "the outcome has gone out",
    "are being asked",
    "everybody has been asked",
)
ONE_TIME = re.compile(r"(/i/|start=i_)\S+")
PORT = re.compile(r"(127\.0\.0\.1|localhost):\d+")
A_TIME = re.compile(r"\d\d:\d\d")

# What differs between any two walks: times, random tokens, numbers of updates and messages.
VARIES = {
    "at", "agreed_at", "band_asked_at", "created_at", "made_at", "published_at", "opens_at", "used_at", "expires_at",
    "started_at", "finished_at", "due", "queued_at", "address", "address_hash", "token_hash", "sealed", "sample",
    "signed_in_until", "since", "turns", "message", "words_at", "offered_at",
}  # fmt: skip
COMPARED = (
    tables.people, tables.doors, tables.sessions, tables.roles, tables.consultations, tables.taking_part,
    tables.answers, tables.ways, tables.outcomes, tables.parts, tables.broadcasts, tables.cases,
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """`rows`: what is stored, table by table. `words`: what was written. `messages`: the outbox, counted by lane,
    kind and state. `updates`: how many were taken in. `asked_again`: messages that were resent because
    nobody knew. `told`: what each chat was told, in order.
    """

    rows: dict[str, list[dict[str, Any]]]
    words: list[str]
    messages: Counter[tuple[str, str, str]]
    updates: int
    asked_again: int
    told: dict[int, list[str]]


def account_of(heard: Heard, double: Double | None = None) -> Account:
    return Account(*heard.look(_stored), told(double) if double else {})


def _stored(db: Db) -> tuple[Any, ...]:
    rows = {table.name: list(_rows(db, table)) for table in COMPARED} | {"audit": _audit(db)}
    messages = [row for row in db.run(select(tables.outbox)) if row.lane != "progress"]
    states = Counter((row.lane, row.kind, row.state) for row in messages)
    updates = len(db.run(select(tables.updates)).all())
    return rows, sorted(_written(db)), states, updates, sum(row.asked_again for row in messages)


def _rows(db: Db, table: Table) -> Iterator[dict[str, Any]]:
    wanted = [column for column in table.c if column.name not in VARIES]
    for row in db.run(select(*wanted).order_by(*table.primary_key)).mappings():
        yield {name: _stable(value) for name, value in row.items()}


def _stable(value: Any) -> Any:
    """A value as any walk has it: sealed bytes differ, and so does the note of the message that asked."""
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if name != "asked"}
    return len(value) if isinstance(value, bytes) else value


def _audit(db: Db) -> list[dict[str, Any]]:
    """What people did; each start makes an owner's link while there is no owner."""
    query = select(tables.audit.c.person_id, tables.audit.c.did, tables.audit.c.about)
    mine = query.where(tables.audit.c.person_id.is_not(None)).order_by(tables.audit.c.id)
    return [dict(row) for row in db.run(mine).mappings()]


def _written(db: Db) -> Iterator[str]:
    for row in db.run(select(tables.answers).where(tables.answers.c.sealed.is_not(None))):
        place = f"answers:sealed:{row.person_id}:{row.consultation_id}:{row.question}"
        yield db.vault.open(row.sealed, place)
    for table in (tables.outcomes, tables.parts):
        for row in db.run(select(table).where(table.c.sealed.is_not(None))):
            yield json.dumps(texts_of(db, table.name, row))


def told(double: Double) -> dict[int, list[str]]:
    """Every message that took effect, sent or edited, chat by chat, without the progress of broadcasts."""
    found: dict[int, list[str]] = {}
    for call in double.calls:
        if call.method.lower() in MESSAGES and isinstance(call.result, dict):
            text = _as_told(call.result)
            if not any(words in text for words in PROGRESS):
                found.setdefault(call.result["chat"]["id"], []).append(text)
    return found


def _as_told(message: dict[str, Any]) -> str:
    text = message.get("text", message.get("caption", ""))
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = "".join(f" [{button['text']}]" for row in keyboard for button in row)
    return A_TIME.sub("00:00", PORT.sub("here", ONE_TIME.sub(r"\1…", f"{text}\n{buttons}")))


# --- comparing ------------------------------------------------------------------------------------


def differences(calm: Account, shaken: Account) -> Iterator[str]:
    """What the shaken walk left otherwise than the calm one, but for what the rules of delivery allow: a reply
    whose fate was unknown arrives once more, and a message to many whose fate is unknown perhaps not at all.
    """
    for name in calm.rows:
        if calm.rows[name] != shaken.rows[name]:
            yield f"{name} was:\n  {calm.rows[name]}\nand is:\n  {shaken.rows[name]}"
    if calm.words != shaken.words:
        yield f"written was {calm.words}, is {shaken.words}"
    if calm.updates != shaken.updates:
        yield f"{calm.updates} updates were taken in, and {shaken.updates}"
    yield from _messages(calm.messages, shaken.messages)
    repeats = 0
    for chat in calm.told:
        more, wrong = _repeats(calm.told[chat], shaken.told.get(chat, []), shaken)
        repeats += more
        yield from wrong
    if repeats > shaken.asked_again:
        yield f"{repeats} messages came twice, and {shaken.asked_again} were asked again"


def _messages(calm: Counter[tuple[str, str, str]], shaken: Counter[tuple[str, str, str]]) -> Iterator[str]:
    allowed = Counter(shaken)
    for lane, kind, state in shaken:
        if (lane, state) == ("broadcast", "unknown"):
            allowed[lane, kind, "sent"] += allowed.pop((lane, kind, state))
    if allowed != calm:
        yield f"letters were {calm}, are {shaken}"


def _repeats(calm: list[str], shaken: list[str], account: Account) -> tuple[int, list[str]]:
    """How many messages of one chat came again, soon after they first came; and what is wrong in it."""
    unknown = sum(n for (_, _, state), n in account.messages.items() if state == "unknown")
    at = repeats = 0
    for text in shaken:
        while unknown and at < len(calm) and calm[at] != text and calm[at].startswith(TO_MANY):
            at, unknown = at + 1, unknown - 1
        if at < len(calm) and calm[at] == text:
            at += 1
        elif text in calm[max(0, at - SOON) : at] and not text.startswith(TO_MANY):
            repeats += 1
        else:
            before = calm[max(0, at - SOON) : at]
            return repeats, [f"it said\n{text!r}\nafter\n{before}\nin place of\n{calm[at : at + 1]}"]
    left = [text for text in calm[at:] if not (unknown and text.startswith(TO_MANY))]
    return repeats, [f"it never said {left}"] if left else []
