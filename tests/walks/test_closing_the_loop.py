"""The whole loop in one process: joined, asked, answered, decided, and sent what changed, in their words."""

import asyncio
import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.courier.courier import Courier
from bot.scheduler.scheduler import tick
from conversations.core.channels import WEB
from conversations.core.record import replace
from handlers import announcements
from handlers.wakeup import Wakeup
from storage.people import people
from storage.tables import outbox
from storage.team import members as team
from tests.bot.post import TestPost
from tests.crowd import open_hub
from tests.house import A_TUESDAY, House, Someone
from tests.waiting import until


@pytest.fixture
async def hub(house: House) -> int:
    return await house.run(open_hub)


async def a_decider(house: House, address: str = "900") -> Someone:
    token = await house.run(lambda db: team.invite(db, "decider"))
    decider = house.person(address)
    await decider.accepts(token)
    return decider


async def answers(someone: Someone, choice: str, why: str) -> None:
    await someone.joins()
    await someone.types("/say")
    await someone.taps("Start")
    await someone.taps(choice)
    await someone.types(why)
    await someone.taps("Done")


async def writes(decider: Someone, *lines: str) -> None:
    """Buttons in brackets, everything else typed."""
    for line in lines:
        await (decider.taps(line[1:-1]) if line.startswith("[") else decider.types(line))


TO_THE_PREVIEW = (
    "/outcome", "[1]", "[Begin]", "six of you would come if it is near", "[2]", "it has to be near a bus stop",
    "[We will do it]", "open it in the old library", "Libraries", "31 March", "[That's all]", "[Use this]",
)  # fmt: skip


@contextlib.asynccontextmanager
async def the_courier(house: House, post: TestPost):
    """Sends what waits now, and stops."""
    runtime = replace(house.runtime, rules=replace(house.runtime.rules, sends_per_second=1000))
    courier = Courier(runtime, post, Wakeup())
    await courier.begin()
    running = asyncio.create_task(courier.run())
    yield
    under_way = outbox.c.state.in_(("waiting", "taken", "sending"))
    in_a_chat = (
        outbox.c.lane == "broadcast",
        outbox.c.door_kind == "telegram",
        outbox.c.due <= house.clock.now,
    )
    waiting = select(func.count()).where(under_way, *in_a_chat)
    await until(lambda: house.run(lambda db: db.run(waiting).scalar() == 0))
    await courier.finish()
    await running


async def test_a_persons_answer_comes_back_with_the_outcome(house, hub):
    anna = house.person("71")
    await answers(anna, "Yes", "the bus stops there")
    decider = await a_decider(house)
    await writes(decider, *TO_THE_PREVIEW)
    assert "It goes to 1 person who took part." in decider.sees
    await decider.taps("Send now")
    assert "Send it to 1 person now?" in decider.sees
    await decider.taps("Yes, send it")
    assert "It is on its way to 1 person." in decider.sees

    post = TestPost()
    async with the_courier(house, post):
        pass
    (message,) = [given.say for given in post.arrived if given.address == "71"]
    assert message.heading == "The new youth hub: here is what happened."
    assert '(You wrote: "the bus stops there")' in message.text
    assert "We will: open it in the old library." in message.text
    assert "By: 31 March 2027." in message.text
    assert "Decided by the youth committee, 1 December 2026." in message.text

    anna.heard.append(message)
    await anna.taps("See all changes")
    assert "The new youth hub, 1 December 2026. You took part." in anna.sees
    await anna.taps("1")
    assert '(You wrote: "the bus stops there")' in anna.sees

    ben = house.person("72")
    await ben.joins()
    await ben.types("/changed")
    await ben.taps("1")
    assert "open it in the old library" in ben.sees
    assert "You wrote" not in ben.sees


async def test_at_its_time_it_reaches_page_and_chat_and_is_published(house, hub):
    anna, cleo = house.person("71"), house.person("a-cookie", "web")
    for someone in (anna, cleo):
        await answers(someone, "No", "it is far")
    decider = await a_decider(house)
    await writes(decider, *TO_THE_PREVIEW, "[Choose a time]", "tomorrow 22:00")
    assert "Wednesday 2 December, 22:00" in decider.sees
    assert "the messages follow on Thursday 3 December, 08:00" in decider.sees

    house.clock.now = A_TUESDAY + timedelta(days=1, hours=5, minutes=59)
    await tick(house.runtime)
    await anna.types("/changed")
    assert "Nothing yet" in anna.sees
    house.clock.on(minutes=1)
    await tick(house.runtime)
    await anna.types("/changed")
    assert "The new youth hub" in anna.sees

    door = await house.run(lambda db: people.door_at(db, WEB, "a-cookie"))
    lines = await house.run(lambda db: announcements.show(house.runtime, db, door.id))
    assert '(You wrote: "it is far")' in lines[-1].say.text
    again = await house.run(lambda db: announcements.show(house.runtime, db, door.id))
    assert [line.say for line in again] == [line.say for line in lines]
    assert not any(line.new for line in again)

    post = TestPost()
    async with the_courier(house, post):
        await asyncio.sleep(0.3)
    assert post.texts("71") == []
    house.clock.now = A_TUESDAY + timedelta(days=1, hours=16)
    async with the_courier(house, post):
        pass
    assert len(post.texts("71")) == 1


async def test_a_cant_asks_for_its_because_and_goes_nowhere_without(house, hub):
    await answers(house.person("71"), "Yes", "why not")
    decider = await a_decider(house)
    await writes(
        decider, "/outcome", "[1]", "[Begin]", "you want it open at night", "[2]", "late is when you are free"
    )
    await writes(decider, "[We can't]", "open it after nine")
    assert "needs its because" in decider.sees
    await writes(decider, "[Keep as draft]", "/outcome", "[1]", "[Go on]")
    assert "needs its because" in decider.sees
    for nothing in ("no", "Because: because", "n/a"):
        assert "doesn't say why yet" in (await decider.types(nothing))[0].text
    assert "Your message was empty." in (await decider.types("  "))[0].text
    await writes(decider, "nobody may work there then", "[That's all]", "[Use this]")
    assert "Because: nobody may work there then." in decider.sees


async def test_two_deciders_press_send_and_everybody_gets_it_once(house, hub):
    await answers(house.person("71"), "Yes", "why not")
    one = await a_decider(house)
    await writes(one, *TO_THE_PREVIEW)
    other = await a_decider(house, "901")
    await writes(other, "/outcome", "[1]", "[Go on]")
    for decider in (one, other):
        await decider.taps("Send now")
    for decider in (one, other):
        await decider.taps("Yes, send it")
    assert "gone out" in other.sees or "on its way" in other.sees
    told = select(func.count()).where(outbox.c.kind == "outcome")
    assert await house.run(lambda db: db.run(told).scalar()) == 1


async def test_parts_are_changed_added_and_removed_before_sending(house, hub):
    await answers(house.person("71"), "Yes", "why not")
    decider = await a_decider(house)
    await writes(decider, *TO_THE_PREVIEW, "[Change a part]", "[1]", "[Who will do it]", "the library team")
    assert "Who: the library team." in decider.sees
    await writes(
        decider,
        "[Change a part]",
        "[Add another part]",
        "you want a kitchen",
        "[Several, or none]",
        "cooking together",
        "[We did it]",
        "put one in",
    )
    assert "We did: put one in." in decider.sees
    await writes(decider, "[Change a part]", "[2]", "[Delete this part]", "[Back]")
    assert "kitchen" not in decider.sees


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("x" * 501, "That is 501 letters long."),
        ("   ", "Your message was empty."),
    ],
)
async def test_a_text_that_is_too_long_or_empty_is_asked_again(house, hub, typed, answer):
    decider = await a_decider(house)
    await writes(decider, "/outcome", "[1]", "[Begin]", typed)
    assert answer in decider.heard[-2].text
    assert "What did they say?" in decider.sees


async def test_a_time_can_be_changed_and_cancelled(house, hub):
    await answers(house.person("71"), "Yes", "why not")
    decider = await a_decider(house)
    await writes(decider, *TO_THE_PREVIEW, "[Choose a time]", "1 December 12:00")
    assert "already passed" in decider.heard[-2].text
    await writes(decider, "[Tomorrow 16:00]")
    assert "Wednesday 2 December, 16:00" in decider.sees
    await writes(decider, "/outcome", "[1]", "[Change the time]", "[Friday 16:00]")
    assert "Friday 4 December, 16:00" in decider.sees
    await decider.taps("Take it back")
    assert "This is what they will get" in decider.sees
    house.clock.on(days=5)
    await tick(house.runtime)
    told = select(func.count()).where(outbox.c.kind == "outcome")
    assert await house.run(lambda db: db.run(told).scalar()) == 0


async def test_a_suggested_finding_never_holds_a_small_number(house, hub):
    for n in range(8):
        await answers(house.person(f"7{n}"), "Yes" if n < 5 else "No", "because")
    decider = await a_decider(house)
    await writes(decider, "/outcome", "[1]", "[Begin]")
    assert "5 of 8 people said Yes." in decider.sees
    assert "[Use this]" not in decider.sees
    for n in range(8, 10):
        await answers(house.person(f"70{n}"), "Yes", "because")
    for n in range(10, 13):
        await answers(house.person(f"70{n}"), "No", "because")
    await writes(decider, "/outcome", "[1]", "[Begin]", "[Use this]")
    assert '7 of 13 of you answered "Yes" when we asked: Would you come?' in decider.sees
