"""The audit log: every altered, removed or cut-off line is found, with its number and date."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, insert, select, update

from conversations.broadcasts.effects import SendAgain
from conversations.core.record import replace
from conversations.outcomes.effects import ApproveOutcome, AskColleague, CancelOutcome, DeclineOutcome
from conversations.outcomes.write.draft import fingerprint
from storage.security import audit_log, audit_verify
from storage.security.audit_verify import AuditFault, Walk
from storage.security.vault import Vault
from storage.tables import audit as table
from storage.tables import audit_head, outbox, roles
from storage.team import members as team
from tests.house import make_house
from tests.storage.deciding import A_DID, ANN, BEN, about, begin, decided, does, draft, publish
from tests.storage.deciding import written as written_part


async def written(house, lines=6):
    """Writes that many lines, a day apart; returns their dates."""
    dates = []
    for n in range(lines):
        dates.append(house.clock.now)
        await house.run(
            lambda db, n=n: audit_log.note(db, None, "opened a consultation", f"consultation {n}")
        )
        house.clock.on(days=1)
    return dates


async def walked(house, piece=2):
    """Verifies the log in pieces, each in its own transaction, as the command does."""
    walk = Walk()
    while going := await house.run(partial(audit_verify.walk_on, walk=walk, most=piece)):
        walk = going
    return await house.run(partial(audit_verify.check_end, walk=walk))


async def faults(house):
    return list((await walked(house)).faults)


def at(line):
    return table.c.id == line


async def test_an_empty_log_and_one_that_nobody_touched_are_whole(any_house):
    assert await faults(any_house) == []
    dates = await written(any_house)
    walk = await walked(any_house)
    assert (walk.faults, walk.line, walk.began, walk.at) == ((), 6, dates[0], dates[-1])


async def test_lines_are_numbered_without_a_gap_whatever_was_undone(any_house):
    await written(any_house, 2)

    def undone(db):
        audit_log.note(db, 1, "removed the sample")
        raise LookupError

    with pytest.raises(LookupError):
        await any_house.run(undone)
    await written(any_house, 2)
    assert await any_house.run(lambda db: db.run(select(table.c.id)).scalars().all()) == [1, 2, 3, 4]
    assert await faults(any_house) == []


@pytest.mark.parametrize(
    "change",
    [{"did": "nothing"}, {"about": "consultation 9"}, {"person_id": 7}, {"stamp": b"k" * 36}],
    ids=str,
)
@pytest.mark.parametrize("line", [1, 3, 6])
async def test_an_altered_line_is_named_and_only_that_one(any_house, change, line):
    dates = await written(any_house)
    await any_house.run(lambda db: db.run(update(table).where(at(line)).values(**change)))
    assert await faults(any_house) == [AuditFault("altered", line, line, dates[line - 1])]


async def test_an_altered_date_is_noticed(any_house):
    dates = await written(any_house)
    await any_house.run(lambda db: db.run(update(table).where(at(2)).values(at=dates[4])))
    assert await faults(any_house) == [AuditFault("altered", 2, 2, dates[4])]


async def test_adjacent_altered_lines_are_reported_together(any_house):
    dates = await written(any_house, 9)
    await any_house.run(
        lambda db: db.run(update(table).where(table.c.id.in_((2, 3, 4, 8))).values(stamp=b"x" * 36))
    )
    assert await faults(any_house) == [
        AuditFault("altered", 2, 4, dates[1]),
        AuditFault("altered", 8, 8, dates[7]),
    ]


async def test_two_lines_that_changed_places_are_noticed(any_house):
    await written(any_house)

    def swapped(db):
        rows = {row.id: row for row in db.run(select(table).where(table.c.id.in_((2, 3))))}
        for line, other in ((2, rows[3]), (3, rows[2])):
            values = {"at": other.at, "did": other.did, "about": other.about, "stamp": other.stamp}
            db.run(update(table).where(at(line)).values(**values))

    await any_house.run(swapped)
    assert {fault.what for fault in await faults(any_house)} == {"altered"}


async def test_removed_lines_are_named(any_house):
    dates = await written(any_house)
    await any_house.run(lambda db: db.run(delete(table).where(table.c.id.in_((1, 3, 4)))))
    assert await faults(any_house) == [
        AuditFault("missing", 1, 1, None),
        AuditFault("missing", 3, 4, dates[1]),
    ]


@pytest.mark.parametrize("left", [0, 1, 5])
async def test_a_log_that_was_cut_off_is_noticed(any_house, left):
    dates = await written(any_house)
    await any_house.run(lambda db: db.run(delete(table).where(table.c.id > left)))
    assert await faults(any_house) == [AuditFault("cut off", left + 1, 6, dates[left - 1] if left else None)]


async def test_a_line_that_somebody_else_wrote_is_noticed(any_house):
    dates = await written(any_house)
    forged = {"id": 7, "at": any_house.clock.now, "did": "case closed", "about": "case 1", "stamp": b"s" * 36}
    await any_house.run(lambda db: db.run(insert(table).values(**forged)))
    found = await faults(any_house)
    assert [fault.what for fault in found] == ["altered", "foreign"]
    assert found[1].first == 7
    assert dates


async def test_a_line_from_another_key_proves_nothing(any_house):
    await written(any_house)
    other = replace(any_house.runtime, vault=Vault([b"o" * 32]))
    stamp = other.vault.stamp("whatever")
    await any_house.run(lambda db: db.run(update(table).where(at(6)).values(stamp=stamp)))
    assert [fault.what for fault in await faults(any_house)] == ["altered"]


@pytest.mark.parametrize("trouble", ["taken away", "altered", "of before"])
async def test_a_record_of_the_end_that_was_tampered_with_is_noticed_and_stays_so(any_house, trouble):
    await written(any_house)
    before = await any_house.run(lambda db: db.run(select(audit_head.c.sealed)).scalar())
    await written(any_house, 1)

    def tampered(db):
        match trouble:
            case "taken away":
                db.run(delete(audit_head))
            case "altered":
                db.run(update(audit_head).values(sealed=before[:-1] + b"x"))
            case _:
                db.run(update(audit_head).values(sealed=before))

    await any_house.run(tampered)
    assert [fault.what for fault in await faults(any_house)] == [
        "foreign" if trouble == "of before" else "end"
    ]
    await written(any_house, 2)
    assert [(fault.what, fault.first) for fault in await faults(any_house)] == [("altered", 8)]


async def test_concurrent_writers_never_follow_the_same_line(any_house):
    await asyncio.gather(
        *(any_house.run(lambda db, n=n: audit_log.note(db, n, "signed out everywhere")) for n in range(40))
    )
    walk = await walked(any_house)
    assert (walk.faults, walk.line) == ((), 40)


async def test_a_log_that_grows_while_it_is_read_is_whole(any_house):
    await written(any_house, 4)
    walk = await any_house.run(lambda db: audit_verify.walk_on(db, Walk(), 2))
    await written(any_house, 5)
    walk = await any_house.run(lambda db: audit_verify.check_end(db, walk))
    assert (walk.faults, walk.line) == ((), 9)


async def test_a_teams_real_actions_make_an_intact_log(any_house):
    await any_house.staff()
    await any_house.staff("worker", "5559002")
    await any_house.run(lambda db: team.invite(db, "decider"))
    walk = await walked(any_house)
    assert walk.line >= 5
    assert walk.faults == ()


async def test_whatever_is_done_with_an_outcome_is_in_it(any_house):
    """Written, sent for approval, declined, changed, approved and scheduled, taken back, published, sent again."""
    number = await any_house.run(begin)
    await any_house.run(lambda db: db.run(roles.insert().values(person_id=ANN, role="worker", at=db.now)))
    ann, ben = partial(does, any_house, person=ANN), partial(does, any_house, person=BEN)
    await ann(decided(number), *written_part(number, **A_DID))
    await ann(AskColleague(about(number)))
    await ben(DeclineOutcome(about(number), "Which lamps?"))
    await ann(AskColleague(about(number), any_house.clock.now + timedelta(days=1)))
    at = (await draft(any_house, number)).approval.at
    seen = fingerprint((await draft(any_house, number)).outcome, at)
    await ben(ApproveOutcome(about(number), seen))
    await ann(CancelOutcome(about(number)))
    await ann(publish(number))
    await any_house.run(
        lambda db: db.run(update(outbox).where(outbox.c.kind == "outcome").values(state="unknown"))
    )
    await ann(SendAgain(1))
    lines = await any_house.run(lambda db: db.run(select(table).order_by(table.c.id)).all())
    assert [(line.person_id, line.did, line.about) for line in lines] == [
        *[(ANN, "outcome.changed", "outcome 1")] * 6,
        (ANN, "outcome.yes.asked", "outcome 1"),
        (BEN, "outcome.yes.declined", "outcome 1"),
        (ANN, "outcome.yes.asked", "outcome 1"),
        (ANN, "outcome.scheduled", "outcome 1"),
        (BEN, "outcome.yes.given", "outcome 1"),
        (ANN, "outcome.cancelled", "outcome 1"),
        (ANN, "outcome.published", "outcome 1"),
        (ANN, "sent again", "broadcast 1"),
    ]
    assert await faults(any_house) == []


async def test_lines_from_before_a_key_rotation_are_verified_without_the_old_key(any_house):
    await written(any_house, 3)
    both = Vault([b"n" * 32, b"k" * 32])
    after = Vault([b"n" * 32]).with_retired(both.retiring)
    rotated = make_house(any_house.runtime.database, any_house.clock)
    rotated.runtime = replace(rotated.runtime, vault=both)
    await written(rotated, 2)
    rotated.runtime = replace(rotated.runtime, vault=after)
    await written(rotated, 2)
    assert await faults(rotated) == []
    await rotated.run(lambda db: db.run(update(table).where(at(2)).values(did="nothing")))
    assert [fault.first for fault in await faults(rotated)] == [2]


async def test_a_line_costs_little_however_long_the_log_is(house):
    """The last of five thousand takes no more SQLite steps than the first, but for a deeper tree."""

    def hundred(db):
        for _ in range(100):
            audit_log.note(db, 1, "read what people wrote", "consultation 1")

    def steps(db):
        counted = []
        sqlite = db.connection.connection.driver_connection
        sqlite.set_progress_handler(lambda: counted.append(1), 1)
        audit_log.note(db, 1, "read what people wrote", "consultation 1")
        sqlite.set_progress_handler(None, 1)
        return len(counted)

    await house.run(hundred)
    first = await house.run(steps)
    for _ in range(49):
        await house.run(hundred)
    assert 0 < await house.run(steps) < 1.5 * first
    assert (await walked(house, 2000)).faults == ()
