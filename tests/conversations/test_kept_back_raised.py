"""Something raised with /raise that a case keeps back: its writer reads who has it, and is promised no day before the
team has it.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.scheduler.scheduler import tick
from conversations.core.effects import Refused
from conversations.issues.effects import AddToIssue, AnswerIssue
from storage.core.dispatch import dispatch
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import issues
from tests.conversations.test_kept_back import DANGER, kept, lets_the_team_read, raises, taps_in_case
from tests.raised import messages

FIRST = "The person in the team who keeps young people safe reads it first. If they pass it on, the team answers here."
HIDDEN = "It went to the person who keeps young people safe. The rest of the team doesn't have it, so no answer comes from them."
FALSE_ALARM = "False alarm: it meant something else"


@pytest.fixture
async def kept_issue(any_house):
    """A young person raised something with a sign of danger; there are a lead and a worker."""
    await any_house.staff("safeguarding", "lead")
    await any_house.staff("worker", "w")
    await raises(any_house, DANGER)
    return any_house


async def days_pass(house, days):
    """Every message that goes out in that time: to whom, its kind and its text."""
    told = []
    for _ in range(days):
        house.clock.on(days=1)
        await tick(house.runtime)
        told += [(address, kind, say.text) for address, kind, say in await messages(house)]
    return told


async def adds(young, text):
    await young.types("/raise more 1")
    await young.types(text)


async def test_its_writer_is_promised_no_day_and_reads_who_has_it(any_house):
    await any_house.staff("safeguarding", "lead")
    young = await raises(any_house, DANGER)
    assert FIRST in young.sees
    assert "The team has it." not in young.sees
    assert "/help" in young.sees
    for command in ("/raise", "/raise 1", "/mydata"):
        await young.types(command)
        assert FIRST in young.sees, command
        assert "29 December" not in young.sees, command
    assert "No answer needed" not in (await _seen(young, "/raise 1"))


async def _seen(person, command):
    await person.types(command)
    return person.sees


async def test_before_they_send_it_they_read_who_reads_it(any_house):
    await any_house.staff("safeguarding", "lead")
    young = any_house.person("1")
    await young.joins()
    await young.types("/raise")
    await young.taps("2")
    await young.types(DANGER)
    await young.taps("I'm OK, go on")
    assert FIRST in young.sees
    assert "They answer by" not in young.sees
    await taps_in_case(any_house, "Close the case", FALSE_ALARM, "Close it, keep it hidden")
    await young.types("/raise new")
    assert "It doesn't go to the team as it is now." in young.sees
    assert "Send it" not in young.sees


async def test_nobody_is_reminded_or_told_that_it_is_late_while_it_is_kept(kept_issue):
    told = await days_pass(kept_issue, 40)
    assert [one for one in told if one[1] in {"issue", "due"}] == []


async def test_its_day_runs_from_its_release_and_they_are_told_the_day_then(kept_issue):
    await days_pass(kept_issue, 20)
    await lets_the_team_read(kept_issue)
    by = await kept_issue.run(lambda db: (db.run(select(issues.c.reply_by)).scalar(), db.today))
    assert by[0] - by[1] == timedelta(days=28)
    told = [
        text for address, kind, text in await days_pass(kept_issue, 1) if (address, kind) == ("1", "issue")
    ]
    assert told == ["The team has it now. Somebody there reads it, and answers by Monday 18 January."]
    young = kept_issue.person("1")
    assert "The team is looking at it. You get an answer by Monday 18 January." in await _seen(
        young, "/raise 1"
    )
    worker = kept_issue.person("w")
    await worker.types("/inbox")
    await worker.taps("1")
    assert "The team has it now" not in worker.sees, "nothing tells the team that it was kept back"
    later = await days_pass(kept_issue, 30)
    assert len([one for one in later if one[:2] == ("1", "issue") and "didn't come in time" in one[2]]) == 1


async def test_closed_and_kept_hidden_they_read_that_the_team_does_not_have_it(kept_issue):
    lead = await taps_in_case(kept_issue, "Close the case", FALSE_ALARM)
    assert "write to them first" in lead.sees
    await lead.taps("Close it, keep it hidden")
    young = kept_issue.person("1")
    assert HIDDEN in await _seen(young, "/raise")
    await young.taps("1")
    assert HIDDEN in young.sees
    assert "Add something" not in young.sees
    assert [one for one in await days_pass(kept_issue, 40) if one[1] in {"issue", "due"}] == []

    def add(db):
        dispatch(db, people.door_at(db, young.channel, "1"), (AddToIssue(1, "one more"),), HANDLERS)

    with pytest.raises(Refused):
        await kept_issue.run(add)


async def test_what_the_team_does_not_have_takes_no_room_among_five(kept_issue):
    young = kept_issue.person("1")
    for n in range(5):
        await young.types("/raise new")
        await young.taps("2")
        await young.types(f"the bus {n} never comes")
        await young.taps("Send it")
        assert "The team has it." in young.sees, n
    await young.types("/raise new")
    assert "still has 5 things of yours" in "\n".join(say.text for say in young.heard[-2:])


async def test_the_lead_reads_that_something_raised_waits(kept_issue):
    lead = await taps_in_case(kept_issue)
    assert "They raised something with /raise, and it waits with you" in lead.sees
    await lets_the_team_read(kept_issue)
    lead = await taps_in_case(kept_issue)
    assert "raised something" not in lead.sees


async def test_what_they_add_to_it_goes_to_the_case(kept_issue):
    young = kept_issue.person("1")
    await adds(young, "every night")
    assert "It's kept with the rest." in "\n".join(say.text for say in young.heard[-2:])
    assert await kept(kept_issue) == [(DANGER, None), ("every night", None)]
    await lets_the_team_read(kept_issue)
    worker = kept_issue.person("w")
    await worker.types("/inbox")
    await worker.taps("1")
    assert "every night" in worker.sees
    told = [one for one in await days_pass(kept_issue, 1) if one[:2] == ("1", "issue")]
    assert len(told) == 1, "of an issue and what was added to it they are told once"


async def test_in_a_thread_the_text_with_the_sign_says_who_has_it(any_house):
    await any_house.staff("safeguarding", "lead")
    worker = await any_house.staff("worker", "w")
    young = await raises(any_house, "the bus never comes")
    await adds(young, DANGER)
    await young.taps("I'm OK, go on")
    assert f"({FIRST})" in young.sees
    assert "You get an answer by Tuesday 29 December." in young.sees
    lead = await taps_in_case(any_house)
    assert "They raised something" in lead.sees

    def answer(db):
        dispatch(db, people.door_at(db, worker.channel, "w"), (AnswerIssue(1, "which?"),), HANDLERS)

    await any_house.run(answer)
    await days_pass(any_house, 2)
    await lets_the_team_read(any_house)
    told = [
        text for address, kind, text in await days_pass(any_house, 1) if (address, kind) == ("1", "issue")
    ]
    assert told == ["The team has it now. Somebody there reads it, and answers by Thursday 31 December."]
    assert f"({FIRST})" not in await _seen(young, "/raise 1")


async def test_hidden_in_a_thread_the_rest_of_it_goes_on(any_house):
    await any_house.staff("safeguarding", "lead")
    young = await raises(any_house, "the bus never comes")
    await adds(young, DANGER)
    await taps_in_case(any_house, "Close the case", FALSE_ALARM, "Close it, keep it hidden")
    assert f"({HIDDEN})" in await _seen(young, "/raise 1")
    assert "Add something" in young.sees
