"""The page with the words of a case: for those who may, after a button, each time noted, and in no history."""

from sqlalchemy import select

from conversations.core.channels import TELEGRAM
from handlers.announcements import build
from storage.outbox import heartbeats
from storage.outbox.outbox import message_of
from storage.tables import audit, cases, outbox
from tests.conversations.test_cases import alerts, rows
from tests.web.serving import Served

DANGER = "i want to kill myself"


async def a_case(door: Served):
    young = door.house.person("5550001")
    await young.joins()
    await young.types(DANGER)


async def looks_noted(door: Served) -> int:
    rows = await door.house.run(lambda db: db.run(select(audit.c.did)).scalars().all())
    return sum(did == "read the words of a case" for did in rows)


async def test_a_lead_reads_the_words_after_a_button_and_each_look_is_noted(door: Served) -> None:
    await a_case(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/case/1")
        assert DANGER not in lead.sees
        assert await looks_noted(door) == 0
        await lead.presses("Show what they wrote")
        assert DANGER in lead.sees
        assert "Between questions" in lead.sees
        assert await looks_noted(door) == 1
        await lead.again()
        assert DANGER in lead.sees
        assert await looks_noted(door) == 2
        await lead.opens("/")
        assert DANGER not in lead.page.html
    rows = await door.house.run(lambda db: db.run(select(outbox)).mappings().all())
    assert DANGER not in str([dict(row) for row in rows])


async def test_nobody_else_opens_the_page_or_makes_it_show_the_words(door: Served) -> None:
    await a_case(door)
    for role in ("worker", "owner", "decider"):
        async with door.browser() as other:
            await other.accepts(await door.invite(role))
            assert (await other.asks("GET", "/case/1"))[0] == 403
            form = {"csrf": other.tokens["csrf"]}
            status, _, text = await other.asks("POST", "/case/1", data=form)
            assert (status, DANGER in text) == (403, False)
    async with door.browser() as young:
        await young.joins()
        status, _, text = await young.asks("POST", "/case/1", data={"csrf": young.tokens["csrf"]})
        assert (status, DANGER in text) == (403, False)
    async with door.browser() as stranger:
        assert (await stranger.asks("GET", "/case/1"))[0] == 401
        assert (await stranger.asks("POST", "/case/1"))[0] == 401
    assert await looks_noted(door) == 0


async def test_the_page_of_a_case_is_never_stored_and_other_numbers_are_nothing(door: Served) -> None:
    await a_case(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        status, headers, _ = await lead.asks("GET", "/case/1")
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        assert (await lead.asks("POST", "/case/1", data={"csrf": "forged"}))[0] == 403
        for number in ("2", "0", "9" * 15):
            assert (await lead.asks("GET", f"/case/{number}"))[0] == 403
        for nothing in ("x", "-1", "9" * 40):
            assert (await lead.asks("GET", f"/case/{nothing}"))[0] == 404


async def test_the_words_of_a_person_are_shown_as_they_are(door: Served) -> None:
    young = door.house.person("5550001")
    await young.joins()
    await young.types(f"<b>{DANGER}</b>\n\u202eevil")
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/case/1")
        await lead.presses("Show what they wrote")
        assert "&lt;b&gt;" in lead.page.html
        assert 'dir="auto"' in lead.page.html


async def test_25_signs_from_one_address_in_a_minute_are_one_alert_that_counts(door: Served) -> None:
    """Fault row 38, over HTTP: 25 pages at one network address."""
    house = door.house
    await house.staff("safeguarding")
    for _ in range(25):
        async with door.browser() as young:
            await young.opens("/")
            await young.presses("Start")
            await young.writes(DANGER)
            assert "0800 1111" in young.sees
    assert len(await rows(house, cases)) == 25
    assert len(await alerts(house)) == 1
    house.clock.on(minutes=2)
    await house.run(lambda db: heartbeats.beat(db, TELEGRAM.name))
    await door.tick()
    first, counts = await alerts(house)
    said = [await house.run(lambda db, row=row: built(house, db, row)) for row in (first, counts)]
    assert said[0] is None, "it had not gone out, and there is nothing left to say"
    assert "25 cases since" in said[1].text


def built(house, db, row):
    return build(
        house.runtime, db, message_of(db, db.run(select(outbox).where(outbox.c.id == row["id"])).one())
    )


async def test_notes_are_written_and_read_on_the_page_and_what_both_wrote(door: Served) -> None:
    await a_case(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/cases")
        await lead.opens("/case/1")
        await lead.presses("Show what they wrote")
        await lead.presses("Keep the note", note="rang the school <b>")
        assert "rang the school &lt;b&gt;" in lead.page.html
        assert await looks_noted(door) == 2
        await lead.again()
        assert lead.page.html.count("rang the school") == 1, "a form that is sent again adds nothing"
        await lead.presses("Keep the note", note="y" * 5000)
        assert "Stay under 4000 letters." in lead.sees
        assert lead.page.html.count("yyyy" * 900) == 1, "what was typed is not lost"
    rows = await door.house.run(lambda db: db.run(select(outbox)).mappings().all())
    assert "rang the school" not in str([dict(row) for row in rows])


async def test_nobody_else_writes_a_note(door: Served) -> None:
    await a_case(door)
    async with door.browser() as worker:
        await worker.accepts(await door.invite("owner"))
        form = {"csrf": worker.tokens["csrf"], "note": "not mine to write"}
        assert (await worker.asks("POST", "/case/1/note", data=form))[0] == 403
    async with door.browser() as stranger:
        assert (await stranger.asks("POST", "/case/1/note"))[0] in {401, 403}
