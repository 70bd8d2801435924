"""Reply deadlines: the team is reminded in time, and the young person hears once of each missed one."""

import asyncio
from datetime import date, timedelta

from sqlalchemy import select, update

from bot.scheduler.scheduler import tick
from conversations.consultations.effects import DropDraft
from conversations.core.channels import TELEGRAM
from conversations.issues.effects import AnswerIssue, AskBack, MoveIssue
from storage.consultations import lifecycle
from storage.issues import inbox
from storage.people import people
from storage.tables import issue_entries, team_rules
from storage.tables import issues as table
from tests.raised import member, messages, raised, somebody


async def ready(house):
    """An issue raised on Tuesday 1 December, due by the 29th; a worker and a decider."""
    await house.run(lambda db: (member(db, "worker", "w"), member(db, "decider", "d")))
    await house.run(lambda db: raised(db, somebody(db, "young")))


async def day_by_day(house, days, *, often=1, workers=1):
    """All messages, with the day on which each was queued; several workers tick at once, several times a day."""
    told = []
    for day in range(1, days + 1):
        house.clock.on(days=1)
        for _ in range(often):
            await asyncio.gather(*(tick(house.runtime) for _ in range(workers)))
        told += [(day, address, kind, say.text) for address, kind, say in await messages(house)]
    return told


async def test_the_team_is_reminded_three_days_before_on_the_day_and_weekly_after(any_house):
    await ready(any_house)
    told = await day_by_day(any_house, 45, often=2, workers=3)
    reminders = [(day, address) for day, address, kind, _ in told if kind == "due"]
    assert reminders == [(day, who) for day in (25, 28, 35, 42) for who in ("d", "w")]
    texts = {day: text for day, _, kind, text in told if kind == "due"}
    assert texts[25] == "· 1 answer is due within three days."
    assert texts[28] == "· 1 answer is promised for today."
    assert texts[35] == "· 1 answer is late. Answer it, or give a new day."


async def test_the_author_of_a_missed_issue_is_told_once_the_day_after(any_house):
    await ready(any_house)
    told = [message for message in await day_by_day(any_house, 45, workers=3) if message[1] == "young"]
    assert [day for day, *_ in told] == [29]
    assert "promised by Tuesday 29 December. It didn't come in time." in told[0][3]
    assert "give you a new day and say why" in told[0][3]


async def test_a_new_day_is_announced_and_watched_again(any_house):
    await ready(any_house)
    await day_by_day(any_house, 30)
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    new = MoveIssue(1, date(2027, 1, 10), "We asked the company.")
    await any_house.run(lambda db: inbox.move(db, worker, new))
    ((_, _, said),) = await messages(any_house)
    assert "by Sunday 10 January. Why: We asked the company." in said.text
    told = await day_by_day(any_house, 20)
    assert [(day, address) for day, address, kind, _ in told if kind == "issue"] == [(11, "young")]
    assert [day for day, address, kind, _ in told if (address, kind) == ("w", "due")] == [7, 10, 17]


async def test_once_it_is_answered_nobody_is_reminded(any_house):
    await ready(any_house)
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    await any_house.run(lambda db: inbox.answer(db, worker, AnswerIssue(1, "Yes, from May.")))
    assert len(await messages(any_house)) == 1
    assert await day_by_day(any_house, 45) == []


async def test_a_reminder_that_came_too_late_says_nothing(any_house):
    """Queued in the night, answered before the morning."""
    await ready(any_house)
    any_house.clock.on(days=25, hours=8)
    await tick(any_house.runtime)
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    await any_house.run(lambda db: inbox.answer(db, worker, AnswerIssue(1, "Yes, from May.")))
    any_house.clock.on(hours=9)
    assert [kind for _, kind, _ in await messages(any_house)] == ["issue"]


async def test_many_that_are_due_are_one_message_a_day(any_house):
    await ready(any_house)
    await any_house.run(lambda db: [raised(db, somebody(db, f"y{n}"), theme="else") for n in range(7)])
    any_house.clock.on(days=25)
    await tick(any_house.runtime)
    due = [say.text for address, kind, say in await messages(any_house) if address == "w"]
    assert due == ["· 8 answers are due within three days."]


async def test_after_the_day_has_passed_a_question_needs_a_new_day_first(any_house):
    await ready(any_house)
    worker = await any_house.staff("worker", "v")
    await any_house.run(lambda db: db.run(update(table).values(reply_by=date(2026, 11, 30))))
    await worker.types("/inbox 1")
    assert "The answer is 1 day late." in worker.sees
    assert "Ask them" not in worker.sees
    door = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "v"))
    await worker.taps("Give a new day")
    await worker.types("30 November 2028")
    await worker.types("It takes long.")
    await worker.taps("Yes, like this")
    assert "within a year" in worker.heard[-2].text
    await worker.taps("Back")
    await worker.taps("Give a new day")
    said = await worker.types("yesterday week")
    assert "can't read that as a day" in said[0].text
    await worker.types("12 December")
    await worker.types("It takes a little longer.")
    await worker.taps("Yes, like this")
    assert "Ask them" in worker.sees
    await any_house.run(lambda db: inbox.ask_back(db, door, AskBack(1, "Which?")))


async def test_a_question_tells_its_reader_whose_turn_it_is(any_house):
    await ready(any_house)
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    await any_house.run(lambda db: inbox.ask_back(db, worker, AskBack(1, "Which?")))
    await messages(any_house)
    told = [text for _, address, _, text in await day_by_day(any_house, 30) if address == "young"]
    assert len(told) == 1
    assert "waits for what you say" in told[0]


async def test_the_deadline_follows_the_team_rule(any_house):
    await any_house.run(lambda db: db.run(team_rules.insert().values(name="reply_days", value=14)))
    await ready(any_house)
    issue = await any_house.run(lambda db: db.run(select(table)).one())
    assert (issue.reply_by, issue.remind_on) == (date(2026, 12, 15), date(2026, 12, 12))


async def test_a_day_is_a_day_on_the_teams_clock(any_house):
    """Half past midnight in London's summer is still the day before in UTC."""
    any_house.clock.now = any_house.clock.now.replace(year=2027, month=7, day=1, hour=23, minute=30)
    await any_house.run(lambda db: raised(db, somebody(db)))
    issue = await any_house.run(lambda db: db.run(select(table)).one())
    assert issue.reply_by == date(2027, 7, 2) + timedelta(days=28)


async def test_a_draft_it_was_part_of_is_deleted_and_the_team_looks_at_it_again(any_house):
    from conversations.issues.effects import MergeIssue
    from storage.consultations import manage
    from tests.crowd import open_hub

    await ready(any_house)
    number = await any_house.run(lambda db: open_hub(db, state="draft"))
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    await any_house.run(lambda db: inbox.merge(db, worker, MergeIssue(1, number)))
    ((_, _, said),) = await messages(any_house)
    assert "This is now part of “The new youth hub”." in said.text
    any_house.clock.on(days=20)
    await any_house.run(lambda db: manage.drop(db, worker, DropDraft(number)))
    told = [say for address, _, say in await messages(any_house) if address == "young"]
    assert "It isn't part of that any more." in told[0].text
    issue = await any_house.run(lambda db: db.run(select(table)).one())
    assert (issue.state, issue.consultation_id, issue.reply_by) == ("open", None, date(2027, 1, 18))
    kinds = await any_house.run(lambda db: db.run(select(issue_entries.c.kind)).scalars().all())
    assert kinds == ["parted"]


async def test_merged_and_deleted_at_once_it_is_part_of_something_or_waits_again(any_house):
    from conversations.issues.effects import MergeIssue
    from storage.consultations import manage
    from tests.crowd import open_hub

    await any_house.run(lambda db: member(db, "worker", "w"))
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    for n in range(1, 6):
        about = await any_house.run(lambda db, n=n: open_hub(db, f"hub{n}", state="draft"))
        issue = await any_house.run(lambda db, n=n: raised(db, somebody(db, f"y{n}"), theme="else"))
        merging, dropping = MergeIssue(issue, about), DropDraft(about)
        await asyncio.gather(
            any_house.run(lambda db, it=merging: inbox.merge(db, worker, it)),
            any_house.run(lambda db, it=dropping: manage.drop(db, worker, it)),
            return_exceptions=True,
        )
    found = await any_house.run(lambda db: db.run(select(table.c.state, table.c.consultation_id)).all())
    assert {(row.state, row.consultation_id) for row in found} == {("open", None)}


async def test_the_sample_is_removed_but_not_the_issues_merged_into_it(any_house):
    from conversations.consultations.effects import RemoveSample
    from conversations.issues.effects import MergeIssue
    from storage.consultations import manage

    await any_house.run(manage.offer_sample)
    await ready(any_house)
    worker = await any_house.run(lambda db: people.door_at(db, TELEGRAM, "w"))
    await any_house.run(lambda db: inbox.merge(db, worker, MergeIssue(1, 1)))
    await any_house.run(lambda db: lifecycle.remove_sample(db, worker, RemoveSample()))
    issue = await any_house.run(lambda db: db.run(select(table)).one())
    assert (issue.state, issue.consultation_id) == ("open", None)


async def test_the_days_are_claimed_so_a_second_tick_does_nothing(any_house):
    await ready(any_house)
    any_house.clock.on(days=29)
    from storage.issues import deadlines as reply_deadlines

    found = await asyncio.gather(*(any_house.run(reply_deadlines.run_due) for _ in range(3)))
    assert sorted(found) == [0, 0, 2]
