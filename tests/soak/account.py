"""The fate of every message that was due, from the database and the phones."""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.soak.lives import FIRST, Asked
from tests.soak.worlds import World
from tests.walks.killing import Deadly

LETTERS = "select id, once, door_id, lane, state, message, asked_again from outbox order by id"
DOORS = "select id from doors where kind = 'telegram' order by id"
PEOPLE = "select person_id from doors where kind = 'telegram' order by id"
TITLE = re.compile(r"Question \d{4}\.")
TAKEN = {"sendmessage", "editmessagetext"}
AT_ONCE = 1.0  # seconds in which a message's result is stored, on a busy machine
DYING = 0.1  # seconds after a kill in which Telegram may still answer the dead: it takes 0.03 for an answer


@dataclass(frozen=True)
class Arrived:
    chat: int
    message: str
    text: str
    answered: float  # when Telegram's response was sent; 0 if the process was already dead


@dataclass
class Account:
    """`lost`: due, and neither arrived nor told as unknown. `twice`: came more often than the rules allow; an answer
    that was asked again may come once more, which `again` counts. `arrived`: of the unknown. `late`: unknown, though
    its fate had long been there to be written.
    """

    kills: int
    due: int = 0
    sent: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    asked_again: int = 0
    again: int = 0
    unknown: int = 0
    arrived: int = 0
    in_flight: int = 0
    stray: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """The failures; empty if all is well."""
        named = {
            "lost": self.lost,
            "twice": self.twice,
            "unknown, and not in flight": self.stray,
            "late": self.late,
            "logged": self.logged,
        }
        return [f"{name}: {one}" for name, found in named.items() for one in found]


@dataclass(frozen=True)
class _Letter:
    id: int
    once: str
    chat: int
    lane: str
    state: str
    message: str | None
    asked_again: int


async def account_of(world: World, double: Deadly, asked: Asked) -> Account:
    chats = {door: FIRST + n for n, (door,) in enumerate(await world.rows(DOORS))}
    people = [person for (person,) in await world.rows(PEOPLE)]
    rows = [
        _Letter(number, once, chats[door], *more) for number, once, door, *more in await world.rows(LETTERS)
    ]
    found = Account(asked.kills.total(), in_flight=len(asked.in_flight), logged=asked.logged)
    arrived = list(_arrived(double))
    _of_many(found, rows, people, arrived, asked)
    _of_answers(found, rows, arrived, asked)
    unknown = [row for row in rows if row.state == "unknown"]
    found.unknown = len(unknown)
    found.stray += [row.once for row in unknown if row.id not in asked.in_flight]
    return found


def _arrived(double: Deadly) -> Iterator[Arrived]:
    for call in double.calls:
        if call.method.lower() in TAKEN and isinstance(call.result, dict):
            message = call.result
            yield Arrived(message["chat"]["id"], str(message["message_id"]), message["text"], call.answered)


def _of_many(
    found: Account, rows: list[_Letter], people: list[int], arrived: list[Arrived], asked: Asked
) -> None:
    """Each consultation is due to everybody, once."""
    told: dict[tuple[int, str], list[Arrived]] = {}
    for one in arrived:
        for title in TITLE.findall(one.text):
            told.setdefault((one.chat, title), []).append(one)
    by_key = {row.once: row for row in rows if row.lane == "broadcast"}
    for about, title in asked.told.items():
        for place, person in enumerate(people):
            found.due += 1
            row = by_key.get(f"consultation:{about}:{person}")
            came = told.get((FIRST + place, title), [])
            what = f"{title} to {FIRST + place}, {row.state if row else 'not queued'}, came {len(came)} times"
            if len(came) > 1:
                found.twice.append(what)
            if row and row.state == "sent" and came:
                found.sent += 1
            elif row and row.state == "unknown":
                found.arrived += bool(came)
                alive = [_lived_on(one, asked.killed_at) for one in came]
                if came and min(alive) > AT_ONCE:
                    found.late.append(f"{what}, {min(alive):.1f} s before the next kill")
            else:
                found.lost.append(what)


def _lived_on(one: Arrived, killed_at: list[float]) -> float:
    """For how many seconds nothing was killed after the reply came; 0 if something was killed before it."""
    place = bisect_left(killed_at, one.answered)
    if not one.answered or (place and one.answered - killed_at[place - 1] < DYING):
        return 0.0
    return killed_at[place] - one.answered if place < len(killed_at) else math.inf


def _of_answers(found: Account, rows: list[_Letter], arrived: list[Arrived], asked: Asked) -> None:
    """Each word that somebody typed is due one answer. All answers are alike: they are counted chat by chat."""
    came: dict[int, list[str]] = {}
    for one in arrived:
        if not TITLE.search(one.text):
            came.setdefault(one.chat, []).append(one.message)
    for chat, typed in asked.typed.items():
        answers = [row for row in rows if row.lane == "conversation" and row.chat == chat]
        sent = [row for row in answers if row.state == "sent" and row.message in came.get(chat, ())]
        unknown = [row for row in answers if row.state == "unknown"]
        asked_again = sum(row.asked_again for row in answers)
        more = len(came.get(chat, ())) - len(sent)
        states = f"{chat} typed {typed} times: {Counter(row.state for row in answers)}, came {len(came.get(chat, ()))}"
        found.due += typed
        found.sent += len(sent)
        found.asked_again += asked_again
        found.again += more - min(more, len(unknown))
        found.arrived += min(more, len(unknown))
        if len(sent) + len(unknown) < typed:
            found.lost.append(states)
        if len(answers) > typed or more > asked_again + len(unknown):
            found.twice.append(states)
