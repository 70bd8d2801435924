"""`kill -9` at every named place of a turn and of a broadcast; `make soak` does it a thousand times."""

import random
from pathlib import Path

import pytest

from tests.crowd import add_crowd, open_hub
from tests.soak.account import account_of
from tests.soak.lives import Kill, Lives
from tests.soak.places import PLACES
from tests.soak.worlds import on_sqlite
from tests.waiting import LONG, until
from tests.walks.dying import Trap, found
from tests.walks.killing import Deadly
from tests.walks.running import Heard

QUEUED = "select count(*) from outbox where kind = 'consultation'"


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_there(place: str):
    found(PLACES[place][1].where)


@pytest.mark.left_to_all("kill runs")
async def test_killed_at_every_place_nothing_is_lost_and_nothing_blindly_sent_twice(tmp_path: Path):
    async with Deadly() as double, on_sqlite(tmp_path, double) as world:
        lives = Lives(world, double, random.Random(1), many=8, patience=LONG)
        await lives.begin()
        for place in PLACES:
            await lives.live(Kill(place))
        await lives.heal()
        assert lives.asked.kills == {"at a place": len(PLACES)}
        account = await account_of(world, double, lives.asked)
        assert account.faults == []
        assert account.sent + account.unknown == account.due > len(PLACES)
        assert 0 < account.arrived <= account.unknown <= account.in_flight


@pytest.mark.left_to_all("kill runs")
async def test_killed_while_many_are_queued_nobody_is_left_out_and_nobody_queued_twice(tmp_path: Path):
    """Once before a batch is stored, and once after it. The recipients use the page, so nothing is sent."""
    async with Heard(tmp_path) as heard:
        heard.look(lambda db: add_crowd(db, 1700, door="web"))
        assert await heard.stop() == 0
        heard.look(lambda db: open_hub(db, state="scheduled", opens_at=db.now))
        for trap in (
            Trap("storage.outbox.broadcasts:fan_out", "after", 1),
            Trap("bot.scheduler.scheduler:queue_more", "before", 1),
        ):
            heard.trap = trap
            heard.begin()
            await until(lambda: not heard.alive)
            assert 0 < heard.count(QUEUED) < 1700
        await heard.start()
        await until(lambda: heard.count("select count(*) from broadcasts where queued_at is not null"), LONG)
        assert heard.count(QUEUED) == 1700
        assert heard.count("select count(distinct door_id) from outbox where kind = 'consultation'") == 1700
        assert await heard.stop() == 0
