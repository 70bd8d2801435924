"""The page of texts that a lead reads first: words only after a button, each look noted, and what is decided about them."""

from sqlalchemy import select

from storage.tables import audit, cases, marks, outbox
from tests.lookout import SOFT_WORD
from tests.web.serving import Served

SOFT = f"i feel {SOFT_WORD} <b>at night</b>"


async def a_text(door: Served):
    young = door.house.person("5550001")
    await young.joins()
    await young.types(SOFT)
    return young


async def noted(door: Served) -> list[str]:
    rows = await door.house.run(lambda db: db.run(select(audit.c.did)).scalars().all())
    return [did for did in rows if "text" in did or "case" in did]


async def test_a_lead_reads_a_text_after_a_button_and_clears_it(door: Served) -> None:
    await a_text(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/texts")
        assert "It may hold a sign that somebody is not safe." in lead.sees
        assert SOFT_WORD not in lead.page.html
        assert await noted(door) == []
        await lead.presses("Show what they wrote")
        assert SOFT in lead.sees
        assert "&lt;b&gt;" in lead.page.html
        assert await noted(door) == ["read a marked text"]
        await lead.presses("Nothing to worry about")
        assert "No text waits to be read." in lead.sees
        assert await noted(door) == ["read a marked text", "cleared a marked text"]
    rows = await door.house.run(lambda db: db.run(select(outbox.c.sealed, outbox.c.kind)).all())
    assert "alert" not in {row.kind for row in rows}


async def test_a_lead_opens_a_case_about_a_text_and_reads_its_words_there(door: Served) -> None:
    await a_text(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/texts")
        await lead.presses("Show what they wrote")
        await lead.presses("Open a case")
        assert "No text waits to be read." in lead.sees
        assert await door.house.run(lambda db: db.run(select(cases.c.id)).scalars().all()) == [1]
        await lead.opens("/case/1")
        await lead.presses("Show what they wrote")
        assert SOFT in lead.sees


async def test_nobody_else_opens_the_page_or_decides_about_a_text(door: Served) -> None:
    await a_text(door)
    paths = ("/texts/1", "/texts/1/clear", "/texts/1/case")
    for role in ("worker", "decider"):
        async with door.browser() as other:
            await other.accepts(await door.invite(role))
            assert (await other.asks("GET", "/texts"))[0] == 403
            for path in paths:
                status, _, text = await other.asks("POST", path, data={"csrf": other.tokens["csrf"]})
                assert (status, SOFT_WORD in text) == (403, False)
    async with door.browser() as stranger:
        assert (await stranger.asks("GET", "/texts"))[0] == 401
    (row,) = await door.house.run(lambda db: db.run(select(marks)).all())
    assert row.cleared_at is None


async def test_a_text_that_is_gone_or_settled_is_not_shown(door: Served) -> None:
    await a_text(door)
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        status, headers, _ = await lead.asks("GET", "/texts")
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        form = {"csrf": lead.tokens["csrf"]}
        assert (await lead.asks("POST", "/texts/1/clear", data=form))[0] in {200, 303}
        assert (await lead.asks("POST", "/texts/1", data=form))[0] == 403
        assert (await lead.asks("POST", "/texts/9", data=form))[0] == 403
        assert (await lead.asks("POST", "/texts/x", data=form))[0] == 404
        assert (await lead.asks("POST", "/texts/1", data={"csrf": "forged"}))[0] == 403
