"""The public page: filters, late promises, its cache, and never older than a second."""

import asyncio
import json
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Engine, event, select, update

from bot.cli.play import open_now
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from conversations.outcomes.outcome import Part
from handlers.wakeup import Wakeup
from handlers.web.app import make_page
from handlers.web.public import cache
from handlers.web.public.cache import NewContent, PageCache
from storage.consultations import answers
from storage.followup import schedule as revisit_schedule
from storage.people import people
from storage.results import quotes
from storage.tables import consultations, parts, revisit_answers, revisits, status_changes
from storage.tables import outcomes as outcomes_table
from storage.tables import quotes as quotes_table
from tests.crowd import add_crowd
from tests.house import House
from tests.sample_forms import KINDS, PARTS, publish, texts
from tests.web.serving import Served, Visitor

pytestmark = pytest.mark.usefixtures("looks_often")

ATOM = "{http://www.w3.org/2005/Atom}"
OPEN_DAY = Part(you_said={"en": "An open day"}, decision="did", what={"en": "opened the doors"})


async def published(house: House, code: str, parts_: tuple[Part, ...] = PARTS, **about) -> int:
    """A consultation that was answered just now; returns its outcome's id."""
    form = replace(KINDS, code=code, title=texts(f"About {code}"), **about)

    def work(db) -> int:
        number = open_now(db, form, state="answered")
        publish(db, number, number, said=parts_)
        return number

    return await house.run(work)


async def newer(visitor: Visitor, address: str) -> str:
    """The page, once the cached one may be out of date."""
    await asyncio.sleep(cache.LOOK_EVERY)
    return (await visitor.opens(address)).text


async def the_data(visitor: Visitor, address: str = "/changed.json") -> dict:
    return json.loads((await visitor.asks("GET", address))[2])


# --- found by what it is about ----------------------------------------------------------------------


async def test_a_list_is_filtered_and_unknown_filters_are_ignored(door: Served) -> None:
    await published(door.house, "lamps", themes=("safe",), area="North End")
    door.house.clock.on(days=60)
    await published(door.house, "club", (OPEN_DAY,), themes=("learning", "safe"))
    async with door.browser() as ana:

        async def titles(query: str) -> list[str]:
            return [one["title"]["en"] for one in (await the_data(ana, f"/changed.json?{query}"))["outcomes"]]

        assert await titles("") == ["About club", "About lamps"]
        assert await titles("theme=learning") == ["About club"]
        assert await titles("area=North+End&theme=safe") == ["About lamps"]
        assert await titles("decision=cant") == await titles("year=2026") == ["About lamps"]
        for unknown in (
            "theme=money",
            "area=x",
            "decision=maybe",
            "year=1999",
            "from=900000",
            "from=-1",
            "utm=7",
        ):
            assert await titles(unknown) == ["About club", "About lamps"], unknown
        page = await ana.opens("/changed?theme=learning&lang=en")
        assert "About club" in page.text
        assert "About lamps" not in page.text
        assert '<option value="learning" selected>Learning</option>' in page.html
        assert 'action="/changed"' in page.html, "a form that needs no script"
        assert "/changed?lang=pl&amp;theme=learning" in page.html, "another language, the same list"


async def test_each_outcome_has_its_own_address_and_says_what_it_is_to_who_shares_it(door: Served) -> None:
    number = await published(door.house, "lamps")
    draft = await published(door.house, "draft")
    await door.house.run(
        lambda db: db.run(
            update(outcomes_table).where(outcomes_table.c.id == draft).values(state="scheduled")
        )
    )
    async with door.browser("pl") as ana:
        assert 'data-version="easy"' in (await ana.opens(f"/changed/{number}?lang=en&version=easy")).html
        page = await ana.opens(f"/changed/{number}?lang=en")
        assert "About lamps: here is what happened." in page.text
        assert f'<meta property="og:url" content="{door.url}/changed/{number}">' in page.html
        assert '<meta property="og:title" content="About lamps: here is what happened.">' in page.html
        assert "14 of 22 of you" in page.html.partition('og:description" content="')[2].partition('"')[0]
        assert f'value="{door.url}/changed/{number}"' in page.html, "an address to pass on"
        for gone in (draft, 999, "x", "9" * 30):
            assert (await ana.asks("GET", f"/changed/{gone}"))[0] == 404


async def test_few_people_are_not_counted_in_public(door: Served) -> None:
    few, many = await published(door.house, "few"), await published(door.house, "many")

    def count(db) -> None:
        for number, n in ((few, 5), (many, 22)):
            db.run(update(outcomes_table).where(outcomes_table.c.id == number).values(people=n))

    await door.house.run(count)
    async with door.browser() as ana:
        assert "Fewer than 6 people took part." in (await ana.opens(f"/changed/{few}")).text
        assert "22 people took part." in (await ana.opens(f"/changed/{many}")).text
        rows = (await the_data(ana))["outcomes"]
        assert {one["id"]: one["people"] for one in rows} == {few: None, many: 22}


# --- what is late -----------------------------------------------------------------------------------


async def test_a_late_promise_is_shown_from_the_day_after_until_it_is_kept(door: Served) -> None:
    house = door.house
    await published(house, "lamps", themes=("safe",))  # by 31 March 2027
    asked = replace(KINDS, code="park", title=texts("The park"), themes=("family",))
    number = await house.run(lambda db: open_now(db, asked, state="closed", reply_by=date(2027, 3, 31)))
    await house.run(
        lambda db: db.run(
            update(consultations).where(consultations.c.sample).values(reply_by=date(2026, 1, 1))
        )
    )
    async with door.browser() as ana:
        house.clock.on(days=120)  # the very day
        assert "Promised, and late" not in (await ana.opens("/changed")).text
        house.clock.on(days=1)
        page = await newer(ana, "/changed")
        assert "An answer was promised by 31 March 2027. It hasn't come yet." in page
        assert "Promised by 31 March 2027. We haven't said that it's done." in page
        assert "The park" in page
        assert "Sample" not in page.partition("Promised, and late")[2].partition("Choose what to see")[0]
        assert "The park" not in (await ana.opens("/changed?theme=safe")).text
        found = await the_data(ana, "/changed.json?decision=late")
        assert [one["title"]["en"] for one in found["outcomes"]] == ["About lamps"]
        assert (found["counted"]["late"], found["unanswered"][0]["by"]) == (1, "2027-03-31")
        await house.run(lambda db: publish(db, number, 50, said=(OPEN_DAY,)))
        await house.run(lambda db: db.run(update(consultations).values(state="answered")))
        assert "An answer was promised" not in await newer(ana, "/changed")


async def test_a_promise_done_meanwhile_says_so_and_is_not_late(door: Served) -> None:
    house, number = door.house, await published(door.house, "lamps")
    house.clock.on(days=125)
    part = await house.run(
        lambda db: db.run(select(parts.c.id).where(parts.c.outcome_id == number)).scalars().first()
    )
    async with door.browser() as ana:
        assert "Promised, and late" in (await ana.opens("/changed")).text
        await house.run(lambda db: db.run(update(parts).where(parts.c.id == part).values(stands="did")))
        change = {"part_id": part, "was": "will", "now": "did", "changed_at": house.clock.now}
        await house.run(lambda db: db.run(status_changes.insert().values(**change)))
        page = await newer(ana, "/changed")
        assert "Promised, and late" not in page
        assert "It is done." in page
        assert (await the_data(ana))["counted"] == {"did": 1, "doing": 0, "will": 0, "cant": 1, "late": 0}


# --- for feed readers -------------------------------------------------------------------------------


async def test_both_sides_of_a_promise_are_shown_until_it_is_settled(door: Served) -> None:
    number = await published(door.house, "lamps")
    door.house.clock.on(days=180)
    await door.house.run(lambda db: looked_at_again(db, number, "again"))
    async with door.browser() as ana:
        page = (await ana.opens(f"/changed/{number}")).text
        assert "The council says it is done. 7 of 7 people who could tell say: partly, or no." in page
        await door.house.run(one_leaves)
        page = await newer(ana, f"/changed/{number}")
        assert "7 of 7 people who could tell say" in page
        assert (await the_data(ana))["counted"]["late"] == 1
        await door.house.run(settled)
        assert "This promise is kept." in await newer(ana, f"/changed/{number}")
        found = await the_data(ana)
        assert found["counted"]["late"] == 0
        said = [(part["owner_says"], part["settled"]) for part in found["outcomes"][0]["parts"]]
        assert said == [("yes", True), (None, False)]


def looked_at_again(db, outcome: int, ended: str) -> None:
    """The team says that the first promise is kept; seven who took part say that it is not."""
    revisit_schedule.begin(db, outcome)
    said = {"owner_says": "yes", "owner_at": db.now, "asked_at": db.now}
    db.run(update(revisits).values(**said, state="closed", due=None, ended=ended, ended_at=db.now))
    row = db.run(select(revisits.c.id)).one()
    those = [{"person_id": one, "revisit_id": row.id, "says": "no", "at": db.now} for one in add_crowd(db, 7)]
    db.run(revisit_answers.insert(), those)


def one_leaves(db) -> None:
    """One of those who said something deletes everything."""
    people.forget(db, db.run(select(revisit_answers.c.person_id).limit(1)).scalar())


def settled(db) -> None:
    """At the next revisit nobody objects."""
    (part,) = db.run(select(revisits.c.part_id)).scalars()
    kept = {"state": "closed", "ended": "kept", "ended_at": db.now}
    db.run(revisits.insert().values(part_id=part, round=2, **kept))


async def test_a_feed_has_the_newest_without_samples_and_nobodys_own_words(door: Served) -> None:
    lamps = await published(door.house, "lamps", themes=("safe",))
    await published(door.house, "bell", (replace(OPEN_DAY, what={"en": "rang\x0b the bell <b>&"}),))
    await door.house.run(lambda db: publish(db, 1, 90, said=(OPEN_DAY,)))
    await quoted(door.house, lamps, "it is so dark")
    async with door.browser() as ana:
        status, headers, text = await ana.asks("GET", "/changed.atom?lang=en")
        assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
        feed = ET.fromstring(text.encode())
        entries = feed.findall(f"{ATOM}entry")
        assert [one.findtext(f"{ATOM}title") for one in entries] == [
            "About bell: here is what happened.",
            "About lamps: here is what happened.",
        ]
        assert entries[1].findtext(f"{ATOM}id") == f"{door.url}/changed/{lamps}"
        assert entries[1].find(f"{ATOM}category").attrib == {"term": "safe", "label": "Safe and secure"}
        assert "rang the bell <b>&." in entries[0].findtext(f"{ATOM}content")
        assert "so dark" not in text
        assert "so dark" in (await ana.opens("/changed")).text


async def quoted(house: House, outcome: int, words: str) -> None:
    """A young person allowed a quote, and it is shown in the first part."""

    def work(db) -> None:
        writer = people.find_or_create_door(db, TELEGRAM, "5551234").person.id
        question = KINDS.questions[-1]
        answers.replace(db, writer, outcome, question, words)
        whose = {"person_id": writer, "consultation_id": outcome, "question": question.name, "state": "yes"}
        db.run(quotes_table.insert().values(id=7, hashed=quotes._hashes(db, words)[0], at=db.now, **whose))
        db.run(update(parts).where(parts.c.outcome_id == outcome, parts.c.place == 0).values(quote_id=7))

    await house.run(work)


# --- cached -----------------------------------------------------------------------------------------


def statements(house: House) -> list[str]:
    """Records the statements that readers run on a SQLite database from here on."""
    seen: list[str] = []

    def saw(connection, _cursor, statement: str, *_more) -> None:
        if connection.engine is not house.runtime.database._writer.engine and statement != "BEGIN":
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", saw)
    return seen


async def test_a_crowd_costs_the_database_one_look_a_second(door: Served) -> None:
    number = await published(door.house, "lamps", themes=("safe",))
    addresses = ("/changed", "/changed?theme=safe", f"/changed/{number}", "/changed.json", "/changed.atom")
    async with door.browser() as ana:
        for address in addresses:
            await ana.asks("GET", address)
        seen, began = statements(door.house), asyncio.get_running_loop().time()
        for junk in range(60):
            for address in addresses:
                assert (await ana.asks("GET", f"{address}?junk={junk}"))[0] in {200, 404}
        lasted = asyncio.get_running_loop().time() - began
    assert len(seen) <= lasted / cache.LOOK_EVERY + 1
    assert all("count(*)" in one for one in seen), "only whether anything changed"


async def test_a_person_who_is_already_a_member_is_told_so(door: Served) -> None:
    await published(door.house, "lamps")
    async with door.browser() as ana:
        _, first, text = await ana.asks("GET", "/changed")
        assert "Set-Cookie" not in first
        assert text
        for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            status, headers, body = await ana.asks("GET", "/changed", headers=asked)
            assert (status, body, headers["ETag"]) == (304, "", first["ETag"])
        await published(door.house, "club")
        door.house.clock.on(seconds=1)
        await asyncio.sleep(cache.LOOK_EVERY)
        for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            assert (await ana.asks("GET", "/changed", headers=asked))[0] == 200


async def test_a_withdrawn_quote_disappears_at_every_worker(door: Served) -> None:
    number = await published(door.house, "lamps")
    await quoted(door.house, number, "it is so dark")
    other = TestServer(make_page(door.house.runtime, Wakeup()), host="127.0.0.1")
    async with other, door.browser() as ana, Visitor(str(other.make_url("")).rstrip("/")) as ben:
        for visitor in (ana, ben):
            assert "it is so dark" in (await visitor.opens(f"/changed/{number}")).text
        await door.house.run(lambda db: db.run(update(quotes_table).values(state="no")))
        await asyncio.sleep(cache.LOOK_EVERY)
        for visitor in (ana, ben):
            assert "it is so dark" not in (await visitor.opens(f"/changed/{number}")).text
            assert "it is so dark" not in (await visitor.asks("GET", "/changed.json"))[2]


async def test_a_full_cache_drops_the_least_recently_used_page(house: House) -> None:
    cache, made = PageCache(house.runtime, most=100), []

    async def ask(key: str) -> None:
        def make(_db, _register) -> NewContent:
            made.append(key)
            return NewContent(b"x" * 40)

        await cache.get(key, "text/plain", make)

    for key in "abacab":
        await ask(key)
    assert made == ["a", "b", "c", "b"], "a was asked for again and again"
    assert cache._bytes <= 100


async def test_somebody_with_a_conversation_keeps_their_menu_and_their_words(door: Served) -> None:
    await published(door.house, "lamps")
    async with door.browser() as ana:
        await ana.joins()
        page = await ana.opens("/changed")
        assert 'name="csrf"' in page.html
        status, headers, _ = await ana.asks("GET", "/changed")
        assert (status, headers["Cache-Control"]) == (200, "no-store"), "what is theirs is kept nowhere"
