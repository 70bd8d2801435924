"""A correction and a withdrawal as people on Telegram see them: the message itself changes."""

import pytest

from conversations.corrections.effects import CorrectText, Withdraw
from tests.botapi import Phone
from tests.conversations.test_correct import SAID, does, published
from tests.crowd import open_hub
from tests.sample_forms import publish
from tests.telegram.living import living
from tests.telegram.test_picture import at_the_picture, sends_it_with_a_picture
from tests.waiting import until


@pytest.fixture
async def here(double, house):
    async with living(double, house):
        yield house


def texts_at(double, phone) -> list[str]:
    """What stands in a chat now, ours only."""
    chat = double.chats.chats[phone.id]
    return [one.json.get("text") or one.json.get("caption", "") for one in chat.messages.values() if one.mine]


async def takes_part(house, sam) -> None:
    await house.run(open_hub)
    await house.person(str(sam.id)).joins()
    await sam.types("/say")
    for label in ("Start", "Yes"):
        await sam.taps(label)
    await sam.hears("Why")
    await sam.types("it is near")
    await sam.hears("That's everything")


async def test_the_message_itself_is_corrected_and_then_taken_back(double, sam, here):
    owner = await here.staff("owner", "700005")
    Phone(double, 700_005, name="Olu")
    await takes_part(here, sam)
    number = await published(here, owner, consultation=1)
    await sam.hears("Jamie Smith")
    sent = len(texts_at(double, sam))
    await does(
        here, owner, CorrectText("outcome", number, "0 you_said", "en", "personal", "One wants a lamp.")
    )
    await until(lambda: any("One wants a lamp." in text for text in texts_at(double, sam)))
    assert len(texts_at(double, sam)) == sent, "no new message"
    assert not any(SAID in text for text in texts_at(double, sam))
    await does(here, owner, Withdraw("outcome", number, "personal"))
    await until(lambda: any("We took this back" in text for text in texts_at(double, sam)))
    assert len(texts_at(double, sam)) == sent
    assert not any("lamp" in text for text in texts_at(double, sam))


async def test_a_message_with_a_picture_is_taken_back_with_its_picture(double, sam, here):
    dee = Phone(double, 700_002, name="Dee")
    await takes_part(here, sam)
    await here.run(lambda db: publish(db, 1, 1, state="draft"))
    await at_the_picture(here, dee)
    await sends_it_with_a_picture(dee)
    assert (await sam.hears("Two lamps at a bus stop.")).kind == "photo"
    owner = await here.staff("owner", "700005")
    await does(here, owner, Withdraw("outcome", 1, "personal"))
    await until(lambda: any("We took this back" in text for text in texts_at(double, sam)))
    assert not any("lamps" in text for text in texts_at(double, sam))
    assert not [one for one in await sam.sees() if one.kind == "photo"]
