"""People who joined and answered, for tests of stored answers."""

from sqlalchemy import update

from conversations.consultations.effects import FinishAnswers, SaveAnswer, SkipQuestion
from conversations.core.channels import TELEGRAM, Channel
from storage.core.dispatch import dispatch
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import people as people_table
from tests.house import House

LONG = "more lights at the stop, please: it is dark there"


async def somebody(
    house: House, address: str = "1", channel: Channel = TELEGRAM, band: str = "16-17"
) -> None:
    """A person who has joined."""

    def work(db):
        door = people.find_or_create_door(db, channel, address, "en")
        joined = update(people_table).where(people_table.c.id == door.person.id)
        db.run(joined.values(band=band, band_asked_at=db.now, agreed_at=db.now))

    await house.run(work)


async def does(house: House, *effects, address: str = "1", channel: Channel = TELEGRAM) -> dict[str, str]:
    """Applies effects for a person, in a transaction of its own."""
    return await house.run(lambda db: dispatch(db, people.door_at(db, channel, address), effects, HANDLERS))


async def three_people(house: House) -> None:
    for n, (visit, rooms) in enumerate(
        [("weekly", ("music", "quiet")), ("weekly", ("music",)), ("never", ())], start=2
    ):
        await somebody(house, str(n))
        given = [
            SaveAnswer(1, "visit", visit),
            SaveAnswer(1, "warm", n),
            SaveAnswer(1, "else", f"{LONG} {n}"),
        ]
        given += [SaveAnswer(1, "rooms", rooms)] if rooms else [SkipQuestion(1, "rooms")]
        await does(house, *given, FinishAnswers(1), address=str(n))
