"""What changed, on the page: an uploaded picture, each outcome in one language, a quote, and the same as JSON."""

import asyncio
import io
import json

import pytest
from aiohttp import FormData
from PIL import Image
from sqlalchemy import update

from conversations.core.channels import TELEGRAM
from conversations.outcomes.outcome import Part
from handlers.files.picture import MOST_BYTES
from handlers.web.public import cache
from storage.consultations import answers
from storage.outcomes import outcomes, pictures
from storage.people import people
from storage.results import quotes
from storage.tables import outcomes as outcomes_table
from storage.tables import parts
from storage.tables import quotes as quotes_table
from tests.sample_forms import publish
from tests.web.serving import Served, Visitor

pytestmark = pytest.mark.usefixtures("looks_often")
SECRET = b"Olga's phone"
POLISH = Part(
    you_said={"en": "You want more lights", "pl": "Chcecie więcej światła"},
    we_heard={"en": "it's the dark", "pl": "chodzi o ciemność"},
    decision="did",
    what={"en": "put up two lamps", "en-easy": "We put up 2 lamps.", "pl": "postawiliśmy dwie lampy"},
)
WHO = {"en": "the councillor for transport", "pl": "radny do spraw transportu"}


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2000, 1000), "red").save(out, "JPEG", comment=SECRET)
    return out.getvalue()


async def sends(visitor: Visitor, content: bytes, field: str = "picture") -> int:
    form = FormData(visitor.tokens, default_to_multipart=True)
    form.add_field(field, io.BytesIO(content), filename="lamps.jpg")
    status, _, _ = await visitor.asks("POST", "/turn", data=form)
    await visitor.opens("/")
    return status


async def at_the_picture(door: Served, dee: Visitor) -> None:
    await door.house.run(lambda db: publish(db, 1, 1, state="draft", said=(POLISH,), who=WHO))
    await dee.accepts(await door.invite("decider"))
    for label in ("You said, we did", "1", "Go on", "Add a picture"):
        await dee.presses(label)
    assert 'name="picture"' in dee.page.html


async def test_a_picture_is_uploaded_described_previewed_and_published(door: Served) -> None:
    async with door.browser() as dee, door.browser() as stranger:
        await at_the_picture(door, dee)
        assert await sends(dee, a_photo()) == 303
        assert "What does it show, for those who cannot see it?" in dee.question
        assert (await stranger.asks("GET", "/changed/picture/1"))[0] == 404, "it is a draft's"
        await dee.writes("Two lamps at a bus stop.")
        assert 'alt="Picture: Two lamps at a bus stop."' in dee.page.html
        (address,) = [one for one in dee.page.addresses if one.startswith("/paper/")][-1:]
        shown = Image.open(io.BytesIO(await dee.fetches(address)))
        assert shown.size == (1600, 800)
        await dee.presses("Send now")
        await dee.presses("Yes, send it")
        await asyncio.sleep(cache.LOOK_EVERY)
        await stranger.opens("/changed")
        assert 'alt="Two lamps at a bus stop."' in stranger.page.html
        (address,) = [one for one in stranger.page.addresses if "/picture/" in one]
        content = await stranger.fetches(address)
        assert SECRET not in content
        assert Image.open(io.BytesIO(content)).format == "JPEG"


@pytest.mark.parametrize(
    ("content", "said"), [(b"no picture", "I can't read this picture"), (b"", "I can't read this picture")]
)
async def test_a_file_that_is_no_picture_is_reported_in_its_place(
    door: Served, content: bytes, said: str
) -> None:
    async with door.browser() as dee:
        await at_the_picture(door, dee)
        await sends(dee, content)
        assert said in dee.sees
        assert "Send a picture, or go back." in dee.question


async def test_more_than_ten_megabytes_are_not_read(door: Served) -> None:
    async with door.browser() as dee:
        await at_the_picture(door, dee)
        assert await sends(dee, b"x" * (MOST_BYTES + 2_000_000)) == 413
        assert "Send a picture, or go back." in dee.question


async def test_nobody_else_sends_a_picture_up(door: Served) -> None:
    async with door.browser() as ana, door.browser() as dee:
        await ana.joins()
        assert await sends(ana, b"x" * 500_000) == 413
        await dee.accepts(await door.invite("decider"))
        assert await sends(dee, b"x" * 500_000) == 413, "a decider who was not asked for one"
    assert await door.house.run(lambda db: db.run(pictures.pictures.select()).all()) == []


@pytest.mark.parametrize(
    "address", ["/changed/picture/1", "/changed/picture/x", "/changed/picture/99999999999999"]
)
async def test_a_picture_that_is_not_there_is_not_found(door: Served, address: str) -> None:
    async with door.browser() as ana:
        assert (await ana.asks("GET", address))[0] == 404


# --- in whose words -----------------------------------------------------------------------------------


async def test_each_reads_an_outcome_in_one_language(door: Served) -> None:
    await door.house.run(lambda db: publish(db, 1, 1, said=(POLISH,), who=WHO))
    async with door.browser("pl") as ola, door.browser("ar") as amal, door.browser() as ana:
        await ola.opens("/changed")
        assert "postawiliśmy dwie lampy" in ola.sees
        assert "lamps" not in ola.sees
        assert '<article class="card" lang="pl" dir="ltr">' in ola.page.html
        await amal.opens("/changed")
        assert "put up two lamps" in amal.sees
        assert "You said" in amal.sees
        assert "هذا الرد متوفر بهذه اللغة فقط" in amal.sees
        assert '<article class="card" lang="en" dir="ltr">' in amal.page.html
        await ana.opens("/changed")
        assert "This answer is only in" not in ana.sees


async def test_programs_get_every_variant_and_none_that_was_put_aside(door: Served) -> None:
    aside = Part(
        you_said={"en": "You want more lights", "was:pl": "Chcecie światła"},
        decision="did",
        what={"en": "did it"},
    )
    await door.house.run(lambda db: publish(db, 1, 1, said=(POLISH, aside), who=WHO))
    async with door.browser() as program:
        _status, _headers, text = await program.asks("GET", "/changed.json")
    (outcome,) = json.loads(text)["outcomes"]
    first, second = outcome["parts"]
    assert first["what"] == dict(POLISH.what)
    assert (first["because"], first["who"], first["by"], first["quote"]) == (None, None, None, None)
    assert second["you_said"] == {"en": "You want more lights"}
    assert (outcome["language"], outcome["decided_by"]) == ("en", WHO)


async def test_a_quote_shows_nothing_about_its_author(door: Served) -> None:
    def fill(db) -> int:
        publish(db, 1, 1, said=(POLISH,), who=WHO)
        writer = people.find_or_create_door(db, TELEGRAM, "5551234").person.id
        question = outcomes.outcomes_where(db)[0].about.form.questions[1]
        answers.replace(db, writer, 1, question, "it's <b>so</b> dark there")
        values = {"person_id": writer, "consultation_id": 1, "question": question.name, "state": "yes"}
        hashed = quotes._hashes(db, "it's <b>so</b> dark there")[0]
        db.run(quotes_table.insert().values(id=7, hashed=hashed, at=db.now, **values))
        db.run(update(parts).values(quote_id=7))
        return writer

    await door.house.run(fill)
    async with door.browser() as ana:
        await ana.opens("/changed")
        assert "One of you wrote" in ana.sees
        assert "it&#39;s &lt;b&gt;so&lt;/b&gt; dark there" in ana.page.html
        _status, _headers, text = await ana.asks("GET", "/changed.json")
        assert json.loads(text)["outcomes"][0]["parts"][0]["quote"] == "it's <b>so</b> dark there"
        assert "person" not in text
        await door.house.run(lambda db: db.run(update(quotes_table).values(state="no")))
        await asyncio.sleep(cache.LOOK_EVERY)
        await ana.opens("/changed")
        assert "so</b>" not in ana.page.html


async def test_an_unpublished_outcome_is_on_no_page(door: Served) -> None:
    await door.house.run(lambda db: publish(db, 1, 1, said=(POLISH,), who=WHO))
    await door.house.run(lambda db: db.run(update(outcomes_table).values(state="scheduled")))
    async with door.browser() as ana:
        await ana.opens("/changed")
        assert "two lamps" not in ana.sees
