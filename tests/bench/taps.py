"""Fifty people tap an answer every five seconds while an outcome is sent in the other lane, under one rate limit.

`python -m tests.bench.taps` prints the time from a tap to its reply on the phone, and whether every answer stands
on its own question.
"""

import asyncio
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from tests.bench import crowd
from tests.botapi import DoubleProcess, Phone
from tests.walks.running import Heard

PEOPLE, EVERY = 50, 5.0  # people, and seconds between two taps of one of them
CONTRIBUTORS = 1500  # more than 28 a second could reach while the taps last
CHATS = range(810_000, 810_000 + PEOPLE)
CROWD = range(900_000, 900_000 + CONTRIBUTORS)


@dataclass(frozen=True)
class Tapped:
    """What one person tapped: question and label, and the seconds until the next question was there."""

    person: int
    question: int
    label: int
    seconds: float


async def _one(double: DoubleProcess, chat: int, person: int) -> list[Tapped]:
    chance = random.Random(chat)
    phone = Phone(double, chat)
    await asyncio.sleep(chance.uniform(0, EVERY))
    await phone.types("/say")
    await phone.taps("Start", within=20)
    tapped = []
    for number in range(1, crowd.QUESTIONS + 1):
        await phone.hears(f"thing {number} happen", within=20)
        await asyncio.sleep(EVERY * chance.uniform(0.8, 1.2))
        label = chance.randrange(len(crowd.LABELS))
        began = time.perf_counter()
        await phone.taps(crowd.LABELS[label])
        last = number == crowd.QUESTIONS
        await phone.hears("That's everything" if last else f"thing {number + 1} happen", within=20)
        tapped.append(Tapped(person, number, label, time.perf_counter() - began))
    return tapped


async def measure() -> dict[str, float]:
    """Milliseconds from tap to reply (p50, p99, worst), messages sent meanwhile, and answers to the wrong question."""
    with tempfile.TemporaryDirectory() as folder:
        async with DoubleProcess() as double, Heard(Path(folder), double, plainly=True) as heard:
            for chat in (*CHATS, *CROWD):
                await double.act("joins", who=chat, language_code="en", name="Sam")
            people = heard.look(lambda db: crowd.join(db, CHATS))
            others = heard.look(lambda db: crowd.join(db, CROWD))
            number = heard.look(lambda db: crowd.open_one(db, "bench"))
            heard.look(lambda db: crowd.tell_outcome(db, others))
            began = time.perf_counter()
            runs = await asyncio.gather(
                *(_one(double, chat, who) for chat, who in zip(CHATS, people, strict=True))
            )
            lasted = time.perf_counter() - began
            told = heard.count("SELECT count(*) FROM outbox WHERE lane = 'broadcast' AND state = 'sent'")
            stored = heard.look(lambda db: crowd.given(db, number))
    tapped = [tap for run in runs for tap in run]
    wrong = sum(stored.get((tap.person, f"q{tap.question}")) != f"o{tap.label}" for tap in tapped)
    times = quantiles([tap.seconds * 1000 for tap in tapped], n=100)
    return {
        "taps": len(tapped),
        "p50 ms": times[49],
        "p99 ms": times[98],
        "worst ms": max(tap.seconds for tap in tapped) * 1000,
        "answers out of place": wrong,
        "told meanwhile": told,
        "told a second": told / lasted,
    }


if __name__ == "__main__":
    for name, value in asyncio.run(measure()).items():
        print(f"{name:>24} {value:10.1f}")
