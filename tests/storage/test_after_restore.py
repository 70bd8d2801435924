"""After a restore: deleted people stay deleted, and no broadcast goes out by itself."""

import os
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, insert, select, update

from bot.operations import startup_recovery
from bot.scheduler.scheduler import tick
from conversations.consultations.effects import TakeBackAnswer
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.events import Chose
from conversations.core.record import replace
from conversations.corrections.effects import CorrectText, Withdraw
from conversations.issues.effects import AnswerIssue
from conversations.people.effects import StartUsing, StopUsing
from conversations.results.effects import AnswerQuote, AskToQuote
from storage.consultations import answers as answers_of
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core import ids
from storage.core.errors import Unavailable
from storage.issues import inbox
from storage.operations import after_restore, key_rotation, replay_erasures
from storage.outbox import broadcasts, dispatching, outbox
from storage.people import people
from storage.registry import SEALED
from storage.results import quotes
from storage.security import audit_verify, key_checks
from storage.security import lineage as keeping
from storage.security.erasure_log import ErasureLog
from storage.security.vault import KeyMismatch, Vault
from storage.tables import (
    answers,
    approvals,
    audit,
    case_words,
    cases,
    consultations,
    doors,
    invites,
    metadata,
    news,
    outcomes,
    roles,
)
from storage.tables import broadcasts as broadcasts_table
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from storage.team import members as team
from tests.conversations.test_correct import does, published
from tests.crowd import HUB, add_crowd, open_hub
from tests.raised import member, messages, raised, somebody, told
from tests.storage import deciding
from tests.storage.test_key_rotation import NEW, OLD, rotated, with_keys

SAM = "5550001"


@pytest.fixture
async def kept(any_house, tmp_path):
    """A house with an erasure log."""
    erasure_log = ErasureLog(tmp_path / "forgotten")
    erasure_log.make()
    any_house.runtime = replace(any_house.runtime, erasure_log=erasure_log)
    await any_house.runtime.database.write(lambda c: key_checks.begin(c, any_house.runtime.vault))
    await any_house.run(keeping.find_or_create)
    return any_house


async def write_checkpoint(house):
    """Writes a checkpoint, as the scheduler, every start and every backup do."""
    house.runtime.erasure_log.add(await house.run(keeping.next_checkpoint))


async def copied(house):
    """Everything in the database, as in a backup."""
    await write_checkpoint(house)
    copy = await house.run(
        lambda db: {t.name: db.run(select(t)).mappings().all() for t in metadata.sorted_tables}
    )
    await write_checkpoint(house)
    return copy


async def restore(house, copy):
    """Restores the backup, and starts."""

    def replaced(db):
        for table in reversed(metadata.sorted_tables):
            db.run(delete(table))
        for table in metadata.sorted_tables:
            if copy[table.name]:
                db.run(insert(table), [dict(row) for row in copy[table.name]])

    await house.run(replaced)
    return await started(house)


async def started(house):
    """Runs the recovery of a start."""
    lineage = (await house.run(keeping.find_or_create)).lineage
    log = house.runtime.erasure_log.read(lineage, house.clock.now.date())
    unknown = await house.run(partial(keeping.unknown_tombstones, notes=log.tombstones))
    asked = await house.run(partial(replay_erasures.find_requests, notes=unknown))
    again = await house.run(partial(replay_erasures.replay, asked=asked))
    await house.run(partial(keeping.mark_known, notes=unknown))
    return again, await house.run(
        partial(startup_recovery._quarantine_if_restored, found=log, restored=False)
    )


async def count(house, table, *conditions):
    return await house.run(
        lambda db: db.run(select(func.count()).select_from(table).where(*conditions)).scalar()
    )


async def forgets(someone):
    await someone.types("/delete")
    await someone.taps("Yes, delete it")


# --- erasures -----------------------------------------------------------------------------------------


async def test_people_deleted_since_are_deleted_again_and_nobody_else(kept):
    number = await kept.run(open_hub)
    sam, kim = kept.person(SAM), kept.person("5550002", "web")
    for someone in (sam, kim):
        await someone.joins()
        await someone.types(f"/say {number}")
        await someone.taps("Start")
        await someone.taps("Yes")
        await someone.types("more lights")
    copy = await copied(kept)
    await forgets(sam)
    again, _ = await restore(kept, copy)
    assert (again.forgot, await count(kept, people_table)) == (1, 1)
    assert await kept.run(lambda db: people.door_at(db, TELEGRAM, SAM)) is None
    assert await kept.run(lambda db: people.door_at(db, WEB, "5550002"))
    assert await count(kept, answers) == 2
    assert (await started(kept))[0].forgot == 0


async def test_somebody_who_came_back_after_deleting_stays(kept):
    """They are here because they came again, not because of the restore."""
    sam = kept.person(SAM)
    await sam.joins()
    await forgets(sam)
    await sam.joins()
    assert (await started(kept))[0].forgot == 0
    copy = await copied(kept)
    assert (await restore(kept, copy))[0].forgot == 0
    assert (await kept.run(lambda db: people.door_at(db, TELEGRAM, SAM))).person.agreed


async def test_somebody_who_deleted_twice_is_gone_from_every_backup(kept):
    sam = kept.person(SAM)
    await sam.joins()
    first = await copied(kept)
    await forgets(sam)
    await sam.joins()
    second = await copied(kept)
    await forgets(sam)
    for copy in (first, second):
        await restore(kept, copy)
        assert await count(kept, people_table) == 0


async def test_all_doors_of_somebody_lead_to_the_same_person(kept):
    """They deleted from their phone; the backup knows their page and their phone."""
    sam = kept.person(SAM)
    await sam.joins()
    door = await kept.run(lambda db: people.door_at(db, TELEGRAM, SAM))
    before = await copied(kept)
    await kept.run(lambda db: people.add_door(db, door.person.id, WEB, "sams-page"))
    after = await copied(kept)
    await forgets(sam)
    for copy in (before, after):
        assert (await restore(kept, copy))[0].forgot == 1
        assert (await count(kept, people_table), await count(kept, doors)) == (0, 0)


async def test_an_open_case_keeps_its_way_to_them(kept):
    sam = kept.person(SAM)
    await sam.joins()
    await sam.types("i want to kill myself")
    copy = await copied(kept)
    await sam.types("/home")
    await forgets(sam)
    await restore(kept, copy)
    row = (await kept.run(lambda db: db.run(select(cases)).all()))[0]
    assert row.person_id is None
    assert row.address


# --- cases --------------------------------------------------------------------------------------------


async def in_danger(house):
    """A case with words and an answer that it keeps back; a lead."""
    await house.run(open_hub)
    await house.staff("safeguarding", "lead")
    sam = house.person(SAM)
    await sam.joins()
    for move in ("/say 1", "[Start]", "[Yes]", "i want to kill myself"):
        await (sam.taps(move[1:-1]) if move.startswith("[") else sam.types(move))


async def closes(house, how):
    lead = house.person("lead")
    await lead.types("/cases 1")
    for label in ("Close the case", "Another reason", how):
        await lead.taps(label)


async def kept_back_answers(house):
    return await count(house, answers, answers.c.case_id.is_not(None))


async def test_a_case_closed_since_is_closed_again_and_its_words_are_erased(kept):
    await in_danger(kept)
    copy = await copied(kept)
    await closes(kept, "Close it, keep it hidden")
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(closed=1)
    row = (await kept.run(lambda db: db.run(select(cases)).all()))[0]
    assert (row.address, row.person_id, row.check_at) == (b"", None, None)
    assert row.opened_at <= row.closed_at <= kept.clock.now
    assert await count(kept, case_words) == 0
    assert await kept_back_answers(kept) == 1, "hidden from the team, as it was"
    owner = await kept.staff("owner", "o")
    await owner.types("/cases")
    await owner.taps("Register")
    assert "A restored backup doesn't know when exactly, by whom or why." in owner.sees
    assert (await started(kept))[0] == replay_erasures.ReplayCounts()


async def test_nobody_is_alerted_of_a_case_that_was_closed_since(kept):
    await in_danger(kept)
    copy = await copied(kept)
    await closes(kept, "Close it, keep it hidden")
    await restore(kept, copy)
    await kept.staff("owner", "o")
    kept.clock.on(hours=2)
    await tick(kept.runtime)
    assert [kind for _, kind, _ in await messages(kept) if kind.startswith("alert")] == []


async def test_what_the_team_was_shown_since_it_sees_again(kept):
    await in_danger(kept)
    copy = await copied(kept)
    await closes(kept, "Close it, and show the team")
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(closed=1)
    assert await kept_back_answers(kept) == 0


async def test_a_new_case_with_the_number_of_one_that_a_restore_undid_stays_open(kept):
    await in_danger(kept)
    await closes(kept, "Close it, keep it hidden")
    kept.clock.on(hours=1)

    def another(db):
        """A case of the same number, in a database that knows nothing of the first."""
        db.run(delete(keeping.noted))
        db.run(update(cases).values(closed_at=None, opened_at=db.now))

    await kept.run(another)
    assert (await started(kept))[0].closed == 0
    assert await count(kept, cases, cases.c.closed_at.is_(None)) == 1


async def test_a_logged_but_uncommitted_deletion_is_done_at_the_next_start(kept):
    """The power failed between the two: they asked for it, so it happens."""
    sam = kept.person(SAM)
    await sam.joins()

    def broken_off(db):
        people.forget(db, people.door_at(db, TELEGRAM, SAM).person.id)
        raise LookupError

    with pytest.raises(LookupError):
        await kept.run(broken_off)
    assert await count(kept, people_table) == 1
    assert (await started(kept))[0].forgot == 1
    assert await count(kept, people_table) == 0


async def test_a_deletion_that_cannot_be_logged_is_not_done_and_is_retried(kept, monkeypatch):
    """The disk is full: no reply says that it is deleted, the tap is not acknowledged, and later it works."""
    sam = kept.person(SAM)
    await sam.joins()
    await sam.types("/delete")
    say, choice = sam._button("Yes, delete it")
    tap = Chose(say.visit, choice.key)
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", _no_space)
        with pytest.raises(Unavailable, match="No space left"):
            await sam.does(tap, update="77")
    assert (await kept.run(lambda db: people.door_at(db, TELEGRAM, SAM))).person.agreed
    assert (await started(kept))[0].forgot == 0
    told = await sam.does(tap, update="77")
    assert "Everything you told me is deleted" in told[0].text


def _no_space(_handle, _content, _at):
    raise OSError(28, "No space left on device")


async def asked_to_be_quoted(house):
    """A person who wrote a text and was asked to be quoted. Returns the consultation's id."""

    def written(db):
        number = deciding.begin(db)
        db.run(roles.insert().values(person_id=deciding.ANN, role="worker", at=db.now))
        answers_of.replace(db, 3, number, HUB.questions[1], "it would be warm")
        return number

    number = await house.run(written)
    await deciding.does(house, AskToQuote(number, "why", 3))
    return number


async def test_a_quote_withdrawn_since_stays_withdrawn(kept):
    number = await asked_to_be_quoted(kept)
    await deciding.does(kept, AnswerQuote(1, yes=True), person=3)
    copy = await copied(kept)
    await deciding.does(kept, AnswerQuote(1, yes=False), person=3)
    again, _ = await restore(kept, copy)
    assert again == replay_erasures.ReplayCounts(unquoted=1)
    assert await kept.run(lambda db: quotes.quotable(db, number)) == ()
    await deciding.does(kept, AnswerQuote(1, yes=True), person=3)
    assert (await started(kept))[0] == replay_erasures.ReplayCounts()
    assert [quote.id for quote in await kept.run(lambda db: quotes.quotable(db, number))] == [1]


async def test_people_asked_for_a_quote_are_not_asked_twice(kept):
    await asked_to_be_quoted(kept)
    copy = await copied(kept)
    _, found = await restore(kept, copy)
    assert found == after_restore.HoldCounts()
    assert await count(kept, outbox_table, outbox_table.c.state == "unknown") == 1
    assert await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 9)) == ()


async def test_people_who_declined_are_in_the_erasure_log_too(kept):
    sam = kept.person(SAM)
    await sam.types("/start")
    copy = await copied(kept)
    for label in ("English", "Normal", "No thanks"):
        await sam.taps(label)
    await restore(kept, copy)
    assert await count(kept, people_table) == 0


# --- while keys change --------------------------------------------------------------------------------


@pytest.mark.parametrize("deleted", ["before the change", "after the change", "after the old key is gone"])
async def test_a_backup_made_before_a_key_rotation(kept, deleted):
    await kept.run(lambda db: add_crowd(db, 5))
    await kept.person(SAM).joins()
    copy = await copied(kept)
    erasure_log = kept.runtime.erasure_log

    async def forgotten(house):
        house.runtime = replace(house.runtime, erasure_log=erasure_log)
        await house.run(lambda db: people.forget(db, people.door_at(db, TELEGRAM, SAM).person.id))

    if deleted == "before the change":
        await forgotten(kept)
    await rotated(kept, NEW, OLD)
    if deleted == "after the change":
        await forgotten(with_keys(kept, NEW, OLD))
    if deleted == "after the old key is gone":
        retired = await kept.runtime.database.read(lambda c: key_checks.retired_hashers(c, Vault([NEW])))
        await forgotten(with_keys(kept, NEW, retired=retired))
    both = with_keys(kept, NEW, OLD)
    both.runtime = replace(both.runtime, erasure_log=erasure_log)
    again, _ = await restore(both, copy)
    assert again.forgot == 1
    assert await count(both, people_table) == 5
    assert await both.run(lambda db: people.door_at(db, TELEGRAM, SAM)) is None


async def test_a_backup_made_during_a_key_rotation(kept):
    await kept.run(lambda db: add_crowd(db, 9, first=100))
    both = with_keys(kept, NEW, OLD)
    both.runtime = replace(both.runtime, erasure_log=kept.runtime.erasure_log)
    await both.run(key_rotation.begin)
    of_doors = next(one for one in SEALED if one.column is doors.c.address)
    await both.run(lambda db: key_rotation.reseal_piece(db, of_doors, None, 5))
    copy = await copied(both)
    for address in ("102", "107"):
        await both.run(lambda db, a=address: people.forget(db, people.door_at(db, TELEGRAM, a).person.id))
    assert (await restore(both, copy))[0].forgot == 2
    assert await count(both, people_table) == 7


async def test_a_missing_key_of_an_erasure_is_refused(kept):
    await kept.person(SAM).joins()
    copy = await copied(kept)
    await rotated(kept, NEW, OLD)
    after = with_keys(kept, NEW)
    after.runtime = replace(after.runtime, erasure_log=kept.runtime.erasure_log)
    await after.run(lambda db: people.forget(db, people.door_at(db, TELEGRAM, SAM).person.id))
    with pytest.raises(KeyMismatch, match="they would be back"):
        await restore(kept, copy)


# --- messages and the team ----------------------------------------------------------------------------


async def test_opt_outs_and_opt_ins_since_the_backup_are_kept(kept):
    sam, kim = kept.person(SAM), kept.person("5550002")
    for someone in (sam, kim):
        await someone.joins()
    copy = await copied(kept)
    await sam.types("/stop")
    await kim.types("/stop")
    await kim.types("/start")
    again, _ = await restore(kept, copy)
    assert again.stopped == 1
    stopped = await kept.run(lambda db: people.door_at(db, TELEGRAM, SAM).person.stopped)
    assert (stopped, await kept.run(lambda db: people.door_at(db, TELEGRAM, "5550002").person.stopped)) == (
        True,
        False,
    )


async def test_people_removed_from_the_team_since_have_no_rights(kept):
    owner = await kept.staff()
    worker = await kept.staff("worker", "5559002")
    copy = await copied(kept)
    number = await kept.run(lambda db: people.door_at(db, TELEGRAM, worker.address).person.id)
    door = await kept.run(lambda db: people.door_at(db, TELEGRAM, owner.address))
    await kept.run(lambda db: team.remove(db, door, team.RemoveRoles(number)))
    again, _ = await restore(kept, copy)
    assert again.left == 1
    assert await kept.run(lambda db: db.run(select(roles.c.role)).scalars().all()) == ["owner"]


async def test_invites_that_may_have_been_used_since_are_void(kept):
    token = await kept.run(lambda db: team.invite(db, "owner"))
    copy = await copied(kept)
    await restore(kept, copy)
    assert await kept.run(lambda db: team.invitation(db, token)) is None
    assert await count(kept, invites) == 0


# --- held broadcasts ----------------------------------------------------------------------------------


async def test_an_unchanged_database_is_left_alone(kept):
    await kept.run(open_hub)
    number = await kept.run(lambda db: open_hub(db, code="other"))
    await kept.run(lambda db: add_crowd(db, 3))
    await kept.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    await copied(kept)
    for _ in range(3):
        assert (await started(kept))[1] is None
    assert await count(kept, outbox_table, outbox_table.c.state == "waiting") == 3


async def test_broadcasts_under_way_are_held_and_their_queues_stop(kept, monkeypatch):
    monkeypatch.setattr(broadcasts.fan_out, "__defaults__", (10,))
    number = await kept.run(open_hub)
    await kept.run(lambda db: add_crowd(db, 25))
    await kept.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 4))
    copy = await copied(kept)
    await tick(kept.runtime)
    _, found = await restore(kept, copy)
    assert found == after_restore.HoldCounts(messages=10, drafts=0)
    await tick(kept.runtime)
    kept.clock.on(days=1)
    await tick(kept.runtime)
    assert (
        await count(kept, outbox_table)
        == await count(kept, outbox_table, outbox_table.c.state == "held")
        == 10
    )
    assert await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 99)) == ()
    assert not (await kept.run(lambda db: dispatching.due_lanes(db, TELEGRAM))).broadcasts


async def test_messages_being_sent_are_unknown_and_old_questions_are_not_resent(kept):
    number = await kept.run(open_hub)
    await kept.run(lambda db: add_crowd(db, 2))
    await kept.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    (message, _) = await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 4))
    await kept.run(lambda db: dispatching.intend(db, (message,)))
    door = await kept.run(lambda db: people.find_or_create_door(db, TELEGRAM, SAM))
    await kept.run(lambda db: outbox.reply(db, door, "x:1", outbox.Say("An old question"), address=SAM))
    copy = await copied(kept)
    await restore(kept, copy)
    await kept.run(lambda db: dispatching.recover(db, TELEGRAM))
    states = await kept.run(
        lambda db: db.run(select(outbox_table.c.lane, outbox_table.c.state).order_by(outbox_table.c.id)).all()
    )
    assert [tuple(row) for row in states] == [
        ("broadcast", "unknown"),
        ("broadcast", "held"),
        ("conversation", "unknown"),
    ]
    assert await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("conversation", "alert"), 99)) == ()


async def test_an_alert_is_sent_again_because_its_case_is_open(kept):
    await kept.staff("safeguarding", "5559009")
    sam = kept.person(SAM)
    await sam.joins()
    await sam.types("i want to kill myself")
    copy = await copied(kept)
    await restore(kept, copy)
    assert [
        x.lane
        for x in await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("conversation", "alert"), 9))
    ] == ["alert"]


async def test_an_answer_to_an_issue_is_sent_after_a_restore(kept):
    """A message to one person may go out after a restore, because it is built when it is sent."""

    def answered(db):
        number = raised(db, somebody(db, SAM), "the stop is dark")
        inbox.answer(db, member(db), AnswerIssue(number, "We put up a lamp."))

    await kept.run(answered)
    copy = await copied(kept)
    await restore(kept, copy)
    assert [
        one.kind for one in await kept.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 9))
    ] == ["issue"]


@pytest.mark.parametrize("days", [1, 9], ids=["its time passed", "its time is to come"])
async def test_scheduled_items_are_drafts_again_and_that_is_audited(kept, days):
    at = kept.clock.now + timedelta(days=3)
    number = await kept.run(lambda db: open_hub(db, state="scheduled", opens_at=at))
    other = await kept.run(lambda db: open_hub(db, code="other"))
    values = {"consultation_id": other, "state": "scheduled", "language": "en", "made_at": kept.clock.now}
    values |= {"publish_at": at, "zone": "Europe/London"}
    await kept.run(lambda db: db.run(outcomes.insert().values(**values)))
    a_yes = {"outcome_id": 1, "state": "given", "fingerprint": "x", "asked_by": 1, "asked_at": kept.clock.now}
    await kept.run(lambda db: db.run(approvals.insert().values(**a_yes)))
    piece = {"state": "scheduled", "goes_at": at, "language": "en", "title": {}, "text": {}, "bands": []}
    await kept.run(lambda db: db.run(news.insert().values(**piece, made_at=db.now)))
    await kept.run(lambda db: add_crowd(db, 3, consultation=other))
    copy = await copied(kept)
    kept.clock.on(days=4 if days == 1 else 1)
    _, found = await restore(kept, copy)
    assert found == after_restore.HoldCounts(messages=0, drafts=3)
    kept.clock.on(days=days)
    await tick(kept.runtime)
    assert await count(kept, outbox_table) == await count(kept, broadcasts_table) == 0
    row = (
        await kept.run(lambda db: db.run(select(consultations).where(consultations.c.id == number)).all())
    )[0]
    assert (row.state, row.opens_at) == ("draft", None)
    row = (await kept.run(lambda db: db.run(select(outcomes)).all()))[0]
    assert (row.state, row.publish_at, row.zone) == ("draft", None, None)
    assert await count(kept, approvals) == 0
    did = await kept.run(lambda db: db.run(select(audit.c.did, audit.c.about).order_by(audit.c.id)).all())
    assert [tuple(line) for line in did] == [
        ("older database put in place", ""),
        ("a draft again", f"consultation {number}"),
        ("a draft again", "outcome 1"),
        ("a draft again", "news 1"),
    ]


async def test_a_consultation_whose_closing_day_passed_closes(kept):
    ends = kept.clock.now + timedelta(days=2)
    await kept.run(lambda db: open_hub(db, closes_at=ends))
    copy = await copied(kept)
    kept.clock.on(days=5)
    await restore(kept, copy)
    assert await kept.run(lambda db: db.run(select(consultations.c.state)).scalar()) == "closed"


async def test_two_workers_that_start_at_once_hold_once(kept):
    number = await kept.run(open_hub)
    await kept.run(lambda db: add_crowd(db, 3))
    copy = await copied(kept)
    await restore(kept, copy)
    await kept.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    assert (await started(kept))[1] is None
    assert await count(kept, outbox_table, outbox_table.c.state == "waiting") == 3


async def test_a_new_database_next_to_an_old_erasure_log_is_new(kept):
    """A new database with the same log and key is not older, and whoever joins there stays."""
    sam = kept.person(SAM)
    await sam.joins()
    await forgets(sam)
    await write_checkpoint(kept)
    await write_checkpoint(kept)
    await restore(kept, {table.name: [] for table in metadata.sorted_tables})
    await sam.joins()
    again, found = await started(kept)
    assert (again.forgot, found) == (0, None)
    assert await count(kept, people_table) == 1


async def test_stopping_messages_drops_held_ones(kept):
    number = await kept.run(open_hub)
    (person, _) = await kept.run(lambda db: add_crowd(db, 2))
    await kept.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    copy = await copied(kept)
    await restore(kept, copy)
    await kept.run(lambda db: outbox.drop_waiting(db, person))
    assert await count(kept, outbox_table) == 1


async def test_the_audit_log_is_intact_after_a_restore(kept):
    await kept.staff()
    copy = await copied(kept)
    await kept.staff("worker", "5559002")
    await restore(kept, copy)
    walk = await kept.run(lambda db: audit_verify.walk_on(db, audit_verify.Walk()))
    assert (await kept.run(lambda db: audit_verify.check_end(db, walk))).faults == ()


# --- checkpoints --------------------------------------------------------------------------------------


async def test_a_checkpoint_is_logged_only_after_its_commit(kept):
    def undone(db):
        keeping.next_checkpoint(db)
        raise LookupError

    with pytest.raises(LookupError):
        await kept.run(undone)
    assert (await started(kept))[1] is None
    await write_checkpoint(kept)
    assert (await started(kept))[1] is None
    await kept.run(lambda db: db.run(update(keeping.keeping).values(mark=0)))
    assert (await started(kept))[1] is not None
    assert await count(kept, keeping.keeping) == 1


async def test_ids_used_since_the_backup_are_not_reused(kept):
    await kept.person(SAM).joins()
    copy = await copied(kept)
    then = await kept.run(lambda db: ids.highest(db.connection))
    await kept.person("5550002").joins()
    since = await kept.run(lambda db: ids.highest(db.connection))

    await kept.run(lambda db: ids.continue_after(db.connection, then))
    await restore(kept, copy)
    await kept.person("5550003").joins()
    newest = await kept.run(lambda db: ids.highest(db.connection))
    assert newest["people"] > since["people"] > then["people"] > 0


async def test_what_was_taken_back_since_is_not_used_until_its_writer_says_so(kept):
    number = await asked_to_be_quoted(kept)
    copy = await copied(kept)
    await deciding.does(kept, TakeBackAnswer(number, "why"), person=3)
    again, _ = await restore(kept, copy)
    assert again == replay_erasures.ReplayCounts(unused=1)
    assert (await kept.run(lambda db: answers_of.texts(db, number, "why", 0, 10)))[1] == 0


async def test_words_that_were_not_to_be_used_since_are_not(kept):
    number = await asked_to_be_quoted(kept)
    copy = await copied(kept)
    await deciding.does(kept, StopUsing(), person=3)
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(unused=1)
    await deciding.does(kept, StartUsing(), person=3)
    assert (await started(kept))[0] == replay_erasures.ReplayCounts()
    assert (await kept.run(lambda db: answers_of.texts(db, number, "why", 0, 10)))[1] == 1


# --- what was withdrawn -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "effect",
    [Withdraw("outcome", 1, "figure"), CorrectText("outcome", 1, "0 you_said", "en", "personal", "A lamp.")],
)
async def test_what_was_withdrawn_since_stays_withdrawn(kept, effect):
    owner = await kept.staff("owner", "o")
    await published(kept, owner)
    copy = await copied(kept)
    await does(kept, owner, effect)
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(withdrawn=1)
    assert await count(kept, outcomes) == 0
    await owner.types("/changed 1")
    assert "We took this back" in owner.sees
    assert (await started(kept))[0] == replay_erasures.ReplayCounts()


async def test_a_wrong_figure_that_was_corrected_since_is_published_as_it_was_then(kept):
    owner = await kept.staff("owner", "o")
    await published(kept, owner)
    copy = await copied(kept)
    await does(kept, owner, CorrectText("outcome", 1, "0 you_said", "en", "figure", "Two lamps."))
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts()
    assert await count(kept, outcomes) == 1


async def test_news_that_was_withdrawn_since_stays_withdrawn(kept):
    owner = await kept.staff("owner", "o")
    await kept.run(told)
    copy = await copied(kept)
    await does(kept, owner, Withdraw("news", 1, "personal"))
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(withdrawn=1)
    assert await count(kept, news) == 0


async def test_a_consultation_that_lost_something_personal_since_closes(kept):
    owner = await kept.staff("owner", "o")
    await kept.run(open_hub)
    copy = await copied(kept)
    await does(kept, owner, CorrectText("asked", 1, "title", "en", "personal", "The hub"))
    assert (await restore(kept, copy))[0] == replay_erasures.ReplayCounts(withdrawn=1)
    assert await count(kept, consultations, consultations.c.state == "open") == 0
