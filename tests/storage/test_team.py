"""Stored invites: shown without being used, found while keys rotate, deleted in the end."""

from sqlalchemy import func, select

from conversations.core.record import replace
from storage.security.vault import Vault
from storage.tables import invites
from storage.team import members as team


async def test_looking_at_an_invite_does_not_use_it(any_house):
    token = await any_house.run(lambda db: team.invite(db, "decider"))
    seen = [await any_house.run(lambda db: team.invitation(db, token)) for _ in range(2)]
    assert [invitation.role for invitation in seen] == ["decider", "decider"]


async def test_a_used_expired_or_unknown_invite_is_invalid(any_house):
    used, late = [await any_house.run(lambda db: team.invite(db, "worker")) for _ in range(2)]
    await any_house.person().accepts(used)
    assert await any_house.run(lambda db: team.invitation(db, used)) is None
    any_house.clock.on(hours=24)
    assert await any_house.run(lambda db: team.invitation(db, late)) is None
    assert await any_house.run(lambda db: team.invitation(db, "never was")) is None


async def test_an_invite_made_under_an_older_key_is_found(house):
    token = await house.run(lambda db: team.invite(db, "worker"))
    rotated = Vault([b"n" * 32, b"k" * 32])
    found = await house.run(lambda db: team.invitation(replace(db, vault=rotated), token))
    assert found.role == "worker"


async def test_old_invites_are_dropped_a_month_after_they_ran_out(any_house):
    await any_house.run(lambda db: team.invite(db, "worker"))
    any_house.clock.on(days=32)
    await any_house.run(lambda db: team.invite(db, "worker"))
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(invites)).scalar()) == 1
