"""The ways that people chose, as the team sees them: true counts without names; no small numbers for young reviewers."""

import pytest
from sqlalchemy import func, select

from storage.involvement import ways as ways_counts
from storage.tables import ways
from storage.team import members as team
from tests.crowd import add_crowd
from tests.house import as_text


async def wanted(house, first=1000, **counts):
    """This many people who chose each way."""

    def choose(db):
        people = add_crowd(db, max(counts.values()), first=first)
        rows = [{"person_id": person, "way": way} for way, n in counts.items() for person in people[:n]]
        db.run(ways.insert(), rows)

    await house.run(choose)


@pytest.mark.parametrize("role", ["worker", "decider", "owner"])
async def test_the_team_sees_true_counts_the_most_wanted_first_and_nobodys_name(any_house, role):
    await wanted(any_house, group=7, meet=1)
    member = await any_house.staff(role)
    await member.types("/home")
    await member.taps("Ways they chose")
    lines = [line for line in member.sees.splitlines() if line.startswith("· ")]
    assert lines[:2] == ["· Join a group: 7 people", "· Meet who decides: 1 person"]
    assert lines[2].endswith(": 0 people")
    assert "I don't tell who chose what." in member.sees


async def test_a_young_reviewer_sees_no_small_number_and_no_step_of_one(any_house):
    await wanted(any_house, group=13, meet=5, make=6)
    await any_house.run(ways_counts.show_counts)
    sam = any_house.person()
    await sam.joins()
    token = await any_house.run(lambda db: team.invite(db, "reviewer"))
    await sam.accepts(token)
    await sam.types("/home")
    await sam.taps("Ways they chose")
    assert "Join a group: 12 people or more" in sam.sees
    assert "Make things: 6 people or more" in sam.sees
    assert "Meet who decides: fewer than 6 people" in sam.sees
    before = sam.sees
    await wanted_one_more(any_house)
    await sam.types("/results ways")
    assert sam.sees == before


async def wanted_one_more(house):
    def choose(db):
        (person,) = add_crowd(db, 1, first=9000)
        db.run(ways.insert().values(person_id=person, way="group"))
        assert db.run(select(func.count()).where(ways.c.way == "group")).scalar() == 14

    await house.run(choose)


async def test_staff_who_look_at_the_menu_are_not_counted(house):
    worker = await house.staff("worker")
    await worker.types("/ways")
    await worker.taps("Join a group")
    await worker.taps("I'd like that")
    await worker.types("/results ways")
    assert "Join a group: 0 people" in worker.sees


async def test_the_promise_after_choosing_matches_what_the_team_can_see(house):
    sam = house.person()
    await sam.joins()
    await sam.types("/ways")
    await sam.taps("Join a group")
    await sam.taps("I'd like that")
    said, _ = await sam.taps("Done")
    assert "The team sees how many people want each way, not who." in as_text(said)
    assert "I'll tell you" not in as_text(said)
    worker = await house.staff("worker")
    await worker.types("/results ways")
    assert "Join a group: 1 person" in worker.sees


async def test_young_people_do_not_open_it(house):
    sam = house.person()
    await sam.joins()
    said = await sam.types("/results ways")
    assert "I don't know that one" in as_text(said[0])


async def test_five_pages_of_ones_own_tell_nothing_of_what_one_person_chose(house):
    await wanted(house, group=13)
    await house.run(ways_counts.show_counts)
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    await reviewer.types("/results ways")
    before = reviewer.sees
    await wanted(house, first=5000, group=6)  # five of one's own, and somebody else's
    await house.run(ways_counts.show_counts)
    await reviewer.types("/results ways")
    assert reviewer.sees == before
    assert "These are not live" in before


async def test_a_month_later_they_change_if_one_moved_by_enough(house):
    await wanted(house, group=13, make=8)
    await house.run(ways_counts.show_counts)
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    house.clock.on(days=31)
    await wanted(house, first=5000, group=5)
    await house.run(ways_counts.show_counts)
    await reviewer.types("/results ways")
    assert "Join a group: 12 people or more" in reviewer.sees
    await wanted(house, first=6000, group=1)
    house.clock.on(days=31)
    await house.run(ways_counts.show_counts)
    await reviewer.types("/results ways")
    assert "Join a group: 18 people or more" in reviewer.sees
