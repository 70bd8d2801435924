"""Team rules: set by an owner, and by nobody else."""

from conversations.core.events import Chose
from conversations.team.effects import SetTeamRule
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights
from storage.team import team_rules


async def rules(house) -> TeamRules:
    return await house.run(team_rules.rules)


async def test_unset_rules_have_their_defaults(any_house):
    assert await rules(any_house) == TeamRules()


async def test_an_owner_settles_how_the_team_works_and_changes_it_again(any_house):
    owner = await any_house.staff()
    await owner.types("/team")
    await owner.taps("How we work")
    assert "Outcomes leave with one person's yes." in owner.sees
    await owner.taps("Ask for a second yes")
    await owner.taps("Areas")
    await owner.types("North End, Riverside,  north end ,Riverside,")
    assert "Areas: north end, Riverside." in owner.sees
    for button, answer in (
        ("Answer within…", "14 days"),
        ("Tell us at…", "3"),
        ("Ask again after…", "12 weeks"),
    ):
        await owner.taps(button)
        await owner.taps(answer)
    assert await rules(any_house) == TeamRules(True, ("north end", "Riverside"), 14, 3, 12)
    await owner.taps("One person is enough")
    await owner.taps("Areas")
    assert "It says now: north end, Riverside" in owner.sees
    await owner.taps("No areas")
    assert await rules(any_house) == TeamRules(False, (), 14, 3, 12)


async def test_more_areas_than_fit_are_refused_kindly(house):
    owner = await house.staff()
    await owner.types("/team")
    await owner.taps("How we work")
    await owner.taps("Areas")
    for text in (", ".join(f"Area {n}" for n in range(21)), "x" * 41):
        said = await owner.types(text)
        assert "more than I can show" in said[0].text
    await owner.types(" , ,")
    assert await rules(house) == TeamRules()


async def test_nobody_but_an_owner_changes_it(house):
    worker = await house.staff("worker")
    await worker.types("/team")
    assert "How we work" not in worker.sees
    await worker.does(Chose(worker.heard[-1].visit, "rules"))
    assert await rules(house) == TeamRules()
    from storage.registry import HANDLERS

    assert HANDLERS[SetTeamRule].right is Rights.SET_TEAM_RULES
