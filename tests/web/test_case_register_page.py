"""The register of cases on the page: a table for leads and owners, and for nobody else."""

from tests.web.serving import Served

DANGER = "i want to kill myself"


async def a_case(door: Served) -> None:
    young = door.house.person("5550001")
    await young.joins()
    await young.types(DANGER)


async def test_a_lead_sees_the_register_as_a_table_without_words(door: Served) -> None:
    async with door.browser() as lead:
        await lead.accepts(await door.invite("safeguarding"))
        await lead.opens("/cases")
        assert "No case yet." in lead.sees
        await a_case(door)
        await lead.opens("/cases")
        assert '<th scope="row">1</th>' in lead.page.html
        assert "suicide" in lead.sees
        assert "1 case: suicide 1." in lead.sees
        assert DANGER not in lead.page.html


async def test_nobody_else_opens_the_register(door: Served) -> None:
    await a_case(door)
    for role in ("deputy", "worker", "decider", "reviewer"):
        async with door.browser() as other:
            await other.accepts(await door.invite(role))
            assert (await other.asks("GET", "/cases"))[0] == 403
    async with door.browser() as young:
        await young.joins()
        assert (await young.asks("GET", "/cases"))[0] == 403
    async with door.browser() as stranger:
        assert (await stranger.asks("GET", "/cases"))[0] == 401
