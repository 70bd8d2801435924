"""Heartbeats: which workers are alive, by a clock that a reboot resets."""

from sqlalchemy import select

from storage.operations import retention
from storage.outbox import heartbeats
from storage.tables import heartbeats as table

HERE, LATE, GONE = 0.0, heartbeats.GONE_AFTER + 1, heartbeats.FORGOTTEN_AFTER + 1


async def beats(house, **ago):
    """Workers with a heartbeat that many seconds ago; one from before a reboot is in the future."""

    def work(db):
        now = heartbeats.seconds(db)
        rows = [{"name": heartbeats.WORKER + name, "at": now - seconds} for name, seconds in ago.items()]
        db.run(table.insert(), rows)

    await house.run(work)


async def test_only_workers_with_a_recent_heartbeat_are_alive(any_house):
    await beats(any_house, here=HERE, late=LATE, gone=GONE)
    assert await any_house.run(heartbeats.workers_alive) == {"here"}


async def test_after_a_reboot_no_earlier_worker_is_alive(any_house):
    await beats(any_house, here=HERE, before=-LATE, long_before=-GONE)
    assert await any_house.run(heartbeats.workers_alive) == {"here"}


async def test_old_heartbeats_are_deleted_with_other_expired_data(any_house):
    await any_house.run(lambda db: heartbeats.pause_all(db, 2 * heartbeats.FORGOTTEN_AFTER))
    await beats(any_house, here=HERE, late=LATE, gone=GONE, long_before=-GONE)
    held = await any_house.run(heartbeats.pause_left)
    await any_house.run(retention.delete_expired)
    left = set(await any_house.run(lambda db: db.run(select(table.c.name)).scalars().all()))
    assert {name for name in left if name.startswith(heartbeats.WORKER)} == {"worker:here", "worker:late"}
    assert 0 < await any_house.run(heartbeats.pause_left) <= held
