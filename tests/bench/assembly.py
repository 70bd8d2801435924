"""A school assembly: a thousand people open the poster's address within a minute, all from one address, join, and answer
five questions with a few seconds of thought before each tap. Straight, and through the nginx example.
"""

import asyncio
import random
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from sqlalchemy import func, select

from storage.core.unit_of_work import Db
from storage.tables import answers, people, taking_part
from tests.bench.page import browser, heard
from tests.bench.processes import cpu
from tests.bench.visitor import JOINING, Visitor
from tests.walks.running import Heard, free_port
from tests.walks.test_nginx import NGINX, nginx

PEOPLE, WITHIN = 1_000, 60.0  # seconds in which they open the page
THINK = (3.0, 8.0)  # seconds before a tap of the questions
_TAPS = ("Start", "Not very safe", None, "Lights at the stop", "Done", "4", "Skip", "Done")
_WORDS = "more lights at the stop"
_CODE = "sample-buses"


async def _one(visitor: Visitor, number: int) -> None:
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, WITHIN))
    await visitor.opens(f"/j/{_CODE}")
    await visitor.starts()
    for label in JOINING:
        await asyncio.sleep(chance.uniform(1, 3))
        if label in visitor.labels:
            await visitor.taps(label)
    for label in _TAPS:
        await asyncio.sleep(chance.uniform(*THINK))
        await (visitor.taps(label) if label else visitor.writes(_WORDS))
    assert "Your answers are in" in visitor.says, visitor.says


async def _assembly(running: Heard, url: str) -> dict[str, float]:
    before = cpu(running.pid)
    async with browser(url) as session:
        visitors = [Visitor(session) for _ in range(PEOPLE)]
        began = perf_counter()
        ended = await asyncio.gather(
            *(_one(visitor, number) for number, visitor in enumerate(visitors)), return_exceptions=True
        )
        lasted = perf_counter() - began
    cuts = quantiles([one * 1000 for visitor in visitors for one in visitor.times], n=100)
    turns = sum(len(one.times) for one in visitors)
    return {
        "turns a second": turns / lasted,
        "p50 ms": cuts[49],
        "p99 ms": cuts[98],
        "worst ms": max(one * 1000 for visitor in visitors for one in visitor.times),
        "CPU ms a turn": (cpu(running.pid) - before) * 1000 / turns,
        "refused or lost": sum(isinstance(one, BaseException) for one in ended),
        "people whose five answers are stored": running.look(_whole),
    }


def _whole(db: Db) -> int:
    """How many people finished with an answer to each question."""
    given = select(answers.c.person_id).group_by(answers.c.person_id)
    five = given.having(func.count(answers.c.question.distinct()) == 5)
    finished = select(func.count()).select_from(taking_part).where(taking_part.c.finished_at.is_not(None))
    return min(
        len(db.run(five).all()),
        db.run(finished).scalar_one(),
        db.run(select(func.count()).select_from(people)).scalar_one(),
    )


async def measure() -> dict[str, float]:
    """Milliseconds of turns, refusals, and answers that were stored."""
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with heard(Path(folder)) as running:
            told |= {
                f"straight: {name}": one for name, one in (await _assembly(running, running.url)).items()
            }
    if NGINX is None:
        return told
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        settings = {"PUBLIC_URL": url, "TRUSTED_PROXIES": "127.0.0.1"}
        async with heard(Path(folder), **settings) as running, nginx(Path(folder), port, [running]):
            told |= {f"through nginx: {name}": one for name, one in (await _assembly(running, url)).items()}
    return told
