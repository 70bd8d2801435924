"""A case about a team member: somebody else takes it on and closes it, where there is anybody else."""

import pytest
from sqlalchemy import select

from storage.tables import cases
from tests.conversations.test_cases import DANGER
from tests.house import as_text

NOT_THEIRS = "That case is about you, so somebody else in the team has to do that."


async def own_case(house):
    """A safeguarding lead in danger."""
    lead = await house.staff("safeguarding", "2")
    await lead.types("/home")
    await lead.types(DANGER)
    await lead.types("/cases 1")
    return lead


async def the_case(house):
    return await house.run(lambda db: db.run(select(cases)).one())


@pytest.mark.parametrize("taps", [["I'm on it"], ["Close the case", "Another reason", "Close it"]])
async def test_nobody_takes_on_or_closes_their_own_case(any_house, taps):
    await any_house.staff("owner", "1")
    lead = await own_case(any_house)
    for label in taps:
        await lead.taps(label)
    assert NOT_THEIRS in as_text(lead.heard[-2])
    case = await the_case(any_house)
    assert (case.acknowledged_at, case.closed_at) == (None, None)


async def test_who_is_alone_in_a_team_closes_what_they_tried_out(any_house):
    lead = await own_case(any_house)
    for label in ("I'm on it", "Close the case", "Another reason", "Close it"):
        await lead.taps(label)
    assert (await the_case(any_house)).closed_at is not None
