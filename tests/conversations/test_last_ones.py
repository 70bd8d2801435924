"""The last owner and the last safeguarding lead cannot go before another is named, in the chat and on the page."""

import pytest

from tests.conversations.test_team import held
from tests.house import House, as_text
from tests.walks.test_closing_the_loop import writes


@pytest.mark.parametrize("place", ["telegram", "web"])
@pytest.mark.parametrize(
    ("role", "first"),
    [("owner", "Invite another owner first"), ("safeguarding", "An owner must invite another first")],
)
async def test_the_last_owner_and_the_last_lead_cannot_delete_everything(
    any_house: House, role: str, first: str, place: str
):
    one = await any_house.staff(role, "one", place)
    await writes(one, "/delete", "[Yes, delete it]")
    assert first in as_text(one.heard[-2])
    assert await held(any_house) == [role]
    await any_house.staff(role, "another")
    await writes(one, "/delete", "[Yes, delete it]")
    assert await held(any_house) == [role]
