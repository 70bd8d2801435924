"""A picture on Telegram: accepted only if asked for, made safe, and shown with its description."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from handlers.files.picture import MOST_BYTES
from storage.tables import pictures, roles
from tests.botapi import Phone
from tests.crowd import open_hub
from tests.sample_forms import publish
from tests.telegram.living import living
from tests.telegram.test_receiver import becomes, count

SECRET = b"Olga's phone"


def a_photo(width: int = 2000, height: int = 1000) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "JPEG", comment=SECRET)
    return out.getvalue()


@pytest.fixture
async def here(double, house):
    async with living(double, house):
        await house.run(open_hub)
        await house.run(lambda db: publish(db, 1, 1, state="draft"))
        yield house


@pytest.fixture
def dee(double) -> Phone:
    return Phone(double, 700_002, name="Dee")


async def sends_it_with_a_picture(dee):
    await dee.sends("photo", a_photo())
    await dee.hears("What does it show")
    await dee.types("Two lamps at a bus stop.")
    await dee.hears("Two lamps at a bus stop.")
    await dee.taps("Send now")
    await dee.hears("Send it to 1 person now?")
    await dee.taps("Yes, send it")


async def at_the_picture(house, dee) -> None:
    """A decider who has written an answer, and is asked for a picture."""
    await becomes(house, dee, "decider")
    await dee.types("/outcome read 1")
    await dee.taps("Add a picture")
    await dee.hears("Send a picture, or go back.")


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_picture_is_made_safe_and_asked_what_it_shows(double, dee, here, kind):
    await at_the_picture(here, dee)
    await dee.sends(kind, a_photo(), "lamps.jpg")
    await dee.hears("What does it show, for those who cannot see it?")
    await dee.types("Two lamps at a bus stop.")
    shown = await dee.hears("Two lamps at a bus stop.")
    assert shown.kind == "photo"
    assert len(double.calls_of("sendPhoto")) == 1
    content = list(double.chats.files.values())[-1].content
    assert SECRET not in content
    assert Image.open(io.BytesIO(content)).size == (1600, 800)


async def test_contributors_get_the_picture_with_the_whole_message(double, sam, dee, here):
    await here.person(str(sam.id)).joins()
    await sam.types("/say")
    for label in ("Start", "Yes"):
        await sam.taps(label)
    await sam.hears("Why")
    await sam.types("it is near")
    await sam.hears("That's everything")
    await at_the_picture(here, dee)
    await sends_it_with_a_picture(dee)
    await dee.hears("on its way")
    shown = await sam.hears("Two lamps at a bus stop.")
    assert shown.kind == "photo"
    assert "We will: put two lamps at the stop." in shown.text
    assert '(You wrote: "it is near")' in shown.text
    assert shown.buttons == ["You got it right", "Not really", "See all changes"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"this is no picture", "I can't read this picture"), (b"x" * (MOST_BYTES + 1), "too big")],
)
async def test_a_file_that_is_no_picture_is_reported_and_asked_for_again(double, dee, here, content, said):
    await at_the_picture(here, dee)
    await dee.sends("document", content, "lamps.jpg")
    await dee.hears(said)
    await dee.hears("Send a picture, or go back.")
    assert await count(here, pictures) == 0
    assert len(double.calls_of("getFile")) == (1 if len(content) < MOST_BYTES else 0)


async def test_nobody_elses_photo_is_fetched_and_no_deciders_elsewhere(double, sam, dee, here):
    await here.person(str(sam.id)).joins()
    await sam.sends("photo", a_photo())
    await sam.hears("I can't look at photos")
    await becomes(here, dee, "decider")
    await dee.types("/outcome")
    await dee.sends("photo", a_photo())
    await dee.hears("I can't look at photos")
    assert double.calls_of("getFile") == []


async def test_a_decider_whose_role_was_taken_away_meanwhile_sends_a_photo_for_nothing(double, dee, here):
    await at_the_picture(here, dee)
    await here.run(lambda db: db.run(roles.delete()))
    await dee.sends("photo", a_photo())
    await dee.hears("")
    assert double.calls_of("getFile") == []
    assert await here.run(lambda db: db.run(select(pictures)).all()) == []
