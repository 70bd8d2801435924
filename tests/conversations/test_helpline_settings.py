"""/helplines: the team keeps its helplines; 999 stays, and no age is left with 999 alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.scheduler.scheduler import tick
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.core.effects import Refused
from conversations.core.messages import Session
from conversations.core.person import BANDS
from conversations.safeguarding.help.effects import CheckHelpline, RemoveHelpline, SetHelpline
from conversations.safeguarding.help.values import chat_in, number_in, text_in
from conversations.safeguarding.help.ways import CHECK_AGAIN_BY, DEFAULTS, REVIEW_EVERY, Helpline, Helplines
from storage.core.dispatch import dispatch
from storage.people import people
from storage.registry import HANDLERS
from storage.safeguarding import helplines as stored
from storage.tables import audit, helplines, outbox
from tests.house import as_text


async def lines(house):
    return {line.key: line for line in (await house.run(stored.current)).lines}


async def read_by_a_child(house, door="telegram", band="16–17"):
    sam = house.person("a-child", door)
    await sam.joins(band)
    return (await sam.types("/help"))[0]


async def goes_to(lead, name, *labels):
    await lead.types("/helplines")
    await lead.taps(name)
    for label in labels:
        await lead.taps(label)


async def test_a_number_that_the_lead_changes_is_what_young_people_read_and_dial(any_house):
    lead = await any_house.staff("safeguarding")
    await goes_to(lead, "Childline", "Number")
    await lead.types("0800 2222")
    told = await read_by_a_child(any_house, "web")
    assert "· Childline: 0800 2222, free, any time, any age up to 18." in told.text
    assert "tel:08002222" in [link.address for row in told.rows for link in row]
    assert (await lines(any_house))["childline"].review_on == any_house.clock.now.date() + REVIEW_EVERY
    rows = await any_house.run(lambda db: db.run(select(audit.c.did, audit.c.about)).all())
    assert ("helpline changed", "childline") in [tuple(row) for row in rows]


async def test_a_line_of_the_teams_own_is_seen_once_it_can_be_reached_and_has_ages(house):
    lead = await house.staff("owner")
    await lead.types("/helplines")
    await lead.taps("Add a helpline")
    await lead.types("Meic")
    assert "Nobody sees it yet" not in lead.sees
    await lead.types("080880 23456")
    assert "Nobody sees it yet" in lead.sees
    assert "Meic" not in (await read_by_a_child(house)).text
    await goes_to(lead, "Meic", "Text message")
    await lead.types("84001")
    await goes_to(lead, "Meic", "Ages", "16–17", "Done", "What people read", "English")
    await lead.types("For anybody up to 25 in Wales, free.")
    await goes_to(lead, "Meic", "What people read", "Polski")
    await lead.types("Dla każdego do 25 lat w Walii, bezpłatnie.")
    told = await read_by_a_child(house, "web")
    assert "· Meic: 080880 23456, or text 84001. For anybody up to 25 in Wales, free." in told.text
    assert [link.label for row in told.rows for link in row][3:5] == ["Call Meic", "Text Meic"]
    ola = house.person("ola")
    await ola.types("/start")
    await ola.taps("Polski")
    assert "Meic" not in (await ola.types("/help"))[0].text  # their age is not known yet


async def test_in_another_language_the_first_words_there_are_stand_in(house):
    line = Helpline("own-1", "Meic", BANDS, "080880 23456", words={"en": "Free.", "pl": "Bezpłatnie."})
    words = house.runtime.library.words
    assert line.line(words("pl", None)).endswith("Bezpłatnie.")
    assert line.line(words("ar", None)).endswith("Free.")


async def test_999_can_only_be_checked(house):
    lead = await house.staff("safeguarding")
    await goes_to(lead, "999")
    assert [choice.label for row in lead.heard[-1].rows for choice in row] == [
        "I checked it today",
        "All helplines",
        "Home",
    ]
    await lead.taps("I checked it today")
    assert (await lines(house))["999"].review_on > CHECK_AGAIN_BY


@pytest.mark.parametrize(
    "effect",
    [RemoveHelpline("999"), SetHelpline(Helpline("999", "999", BANDS, "112"))],
    ids=["away", "changed"],
)
async def test_999_stays_even_for_a_forged_effect(house, effect):

    lead = await house.staff("safeguarding")

    def tries(db):
        door = people.door_at(db, lead.channel, lead.address)
        with pytest.raises(Refused):
            dispatch(db, door, (effect,), HANDLERS)

    await house.run(tries)


async def test_the_last_helpline_of_an_age_cannot_be_taken_away_or_narrowed(any_house):
    lead = await any_house.staff("safeguarding")
    await goes_to(lead, "Samaritans", "Take it away", "Take it away")
    await goes_to(lead, "Childline", "Take it away", "Take it away")
    assert set(await lines(any_house)) == {"999", "shout"}
    await goes_to(lead, "Shout", "Take it away", "Take it away")
    assert "no helpline but 999" in as_text(lead.heard[-2])
    await goes_to(lead, "Shout", "Ages", "16–17")
    assert "no helpline but 999" in as_text(lead.heard[-2])
    await goes_to(lead, "Shout", "Text message", "There is none")
    assert "no helpline but 999" in as_text(lead.heard[-2])
    assert Helplines(tuple((await lines(any_house)).values())).bands_with_999_alone == ()


@pytest.mark.parametrize("role", ["worker", "decider", "reviewer", "deputy"])
async def test_nobody_else_keeps_them(house, role):
    somebody = await house.staff(role)
    await somebody.types("/helplines")
    assert "Helplines" not in somebody.sees
    assert Helplines(DEFAULTS).lines == tuple((await lines(house)).values())


# --- what is typed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0800 1111", "0800 1111"),
        ("0800-1111", "0800 1111"),
        (" 116 123 ", "116 123"),
        ("+44 20 7946 0000", "+44 20 7946 0000"),
        ("(029) 2018 0000", "029 2018 0000"),
        ("call them", None),
        ("12", None),
        ("0800 ABCD", None),
        ("1" * 16, None),
        ("٠٨٠٠", None),
        ("0800;1111", None),
        ("tel:999", None),
        ("", None),
    ],
)
def test_a_number_that_cannot_be_dialled_is_none(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("85258 SHOUT", ("85258", "SHOUT")),
        ("85258", ("85258", "")),
        ("85258 SHOUT now", None),
        ("SHOUT", None),
        ("85258 S&body=x", None),
    ],
)
def test_a_text_message_is_a_number_and_perhaps_a_word(text, found):
    assert text_in(text) == found


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://www.childline.org.uk/chat", True),
        ("http://www.childline.org.uk/chat", False),
        ("https://localhost/chat", False),
        ("https://10.0.0.1/chat", False),
        ("https://user:word@childline.org.uk", False),
        ("https://child line.org.uk", False),
        ("javascript:alert(1)", False),
        ("https://[", False),
        ("www.childline.org.uk", False),
    ],
)
def test_an_address_that_is_not_https_is_none(address, good):
    assert (chat_in(address) is not None) == good


async def test_what_cannot_be_dialled_or_opened_is_refused_kindly_and_nothing_changes(house):
    lead = await house.staff("safeguarding")
    await goes_to(lead, "Childline", "Number")
    assert "No phone can dial that." in (await lead.types("call them"))[0].text
    await goes_to(lead, "Childline", "Chat")
    assert "begins with https://" in (await lead.types("http://childline.example"))[0].text
    await goes_to(lead, "Shout", "Text message")
    assert "85258 SHOUT" in (await lead.types("SHOUT"))[0].text
    assert tuple((await lines(house)).values()) == DEFAULTS


# --- the review day -------------------------------------------------------------------------------


async def reminders(house):
    asked = select(outbox.c.kind).where(outbox.c.kind == "helplines")
    return len(await house.run(lambda db: db.run(asked).all()))


async def test_the_lead_is_reminded_when_the_day_has_come_then_weekly_until_it_was_checked(any_house):
    house = any_house
    await house.run(stored.install)
    owner = await house.staff("owner", "5559002")
    lead = await house.staff("safeguarding")
    await tick(house.runtime)
    assert await reminders(house) == 0
    house.clock.now = house.clock.now.replace(year=2027, month=5, day=22, hour=12)
    for _ in range(2):
        await tick(house.runtime)
    assert await reminders(house) == 1
    house.clock.on(days=7)
    await tick(house.runtime)
    assert await reminders(house) == 2
    await house.staff_stay()
    for line in DEFAULTS:
        await goes_to(lead, line.name, "I checked it today")
    house.clock.on(days=8)
    await tick(house.runtime)
    assert await reminders(house) == 2
    assert all("time to check" not in as_text(say) for say in owner.heard)


async def test_the_reminder_names_what_is_due_and_nothing_once_it_was_checked(house):

    lead = await house.staff("safeguarding")
    house.clock.now = house.clock.now.replace(year=2027, month=6)
    await house.staff_stay()

    async def built():
        def build(db):
            door = people.door_at(db, lead.channel, lead.address)
            facts = house.runtime.facts(db.now, door.person, door.channel, {Helplines: stored.current(db)})
            return MESSAGE_KINDS["helplines"].build(Session("helplines"), facts)

        return await house.run(build)

    assert "999, Childline, Shout, and Samaritans" in (await built()).text
    for line in DEFAULTS:
        await goes_to(lead, line.name, "I checked it today")
    assert await built() is None


async def test_they_are_stored_once_however_often_heard_starts(any_house):
    for _ in range(2):
        await any_house.run(stored.install)
    assert tuple((await lines(any_house)).values()) == DEFAULTS
    rows = await any_house.run(lambda db: db.run(select(helplines.c.remind_at)).scalars().all())
    assert {moment.date() for moment in rows} == {CHECK_AGAIN_BY}
    assert timedelta(days=180) <= REVIEW_EVERY <= timedelta(days=184)
    assert CheckHelpline("shout") != CheckHelpline("999")
