"""An issue gets an outcome: sent to its author, read by everybody, and only the author may respond."""

from storage.outcomes import contributors
from storage.tables import outcomes
from tests.bot.post import TestPost
from tests.house import House
from tests.walks.test_closing_the_loop import a_decider, the_courier, writes


async def raised_by(house: House, address: str):
    someone = house.person(address)
    await someone.joins()
    await writes(someone, "/raise", "[7]", "the path by the river has no light", "[Send it]")
    return someone


async def test_it_reaches_its_author_and_shows_nobody_elses_name(house: House) -> None:
    sam, decider = await raised_by(house, "71"), await a_decider(house)
    await writes(decider, "/inbox", "[1]", "[Give it an outcome]")
    assert "write so that nobody can tell who" in decider.sees
    await writes(decider, "[Begin]", "A path by the river is dark at night", "you use it to get home")
    await writes(decider, "[We will do it]", "put three lamps there", "Highways", "31 March", "[That's all]")
    await writes(decider, "the councillor for transport", "[Send now]")
    assert "1 person" in decider.sees
    await decider.taps("Yes, send it")

    post = TestPost()
    async with the_courier(house, post):
        pass
    (message,) = [given.say for given in post.arrived if given.address == "71"]
    assert message.heading == "Raised by one of you: Safe and secure: here is what happened."
    assert "We will: put three lamps there." in message.text
    await sam.types("/changed")
    assert "Raised by one of you: Safe and secure, 1 December 2026. You took part." in sam.sees
    await writes(sam, "/raise", "[1]")
    assert "What came of it stands under /changed." in sam.sees
    assert await house.run(lambda db: contributors.count(db, 1)) == 1


async def test_deleting_everything_removes_the_draft_but_not_the_public_outcome(house: House) -> None:
    sam, decider = await raised_by(house, "71"), await a_decider(house)
    await writes(decider, "/inbox", "[1]", "[Give it an outcome]", "[Begin]", "A path is dark")
    assert await house.run(lambda db: db.run(outcomes.select()).first()) is not None
    await writes(sam, "/delete", "[Yes, delete it]")
    assert await house.run(lambda db: db.run(outcomes.select()).first()) is None

    ann = await raised_by(house, "72")
    await writes(decider, "/inbox", "[1]", "[Give it an outcome]", "[Begin]", "A path is dark", "it is")
    await writes(decider, "[We did it]", "put a lamp there", "[That's all]", "the council", "[Send now]")
    await decider.taps("Yes, send it")
    await writes(ann, "/delete", "[Yes, delete it]")
    ben = house.person("73")
    await ben.joins()
    await writes(ben, "/changed", "[1]")
    assert "We did: put a lamp there." in ben.sees
