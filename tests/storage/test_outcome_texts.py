"""An outcome's texts and picture: sealed, in variants, and gone when they are removed."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.outcomes.effects import DescribePicture, DropPicture, SetPicture, WriteVariant
from conversations.outcomes.outcome import Spot, current_variants, outdated_variant, spots
from storage.outcomes import outcomes, pictures, publishing
from storage.people import people
from storage.tables import outbox, parts
from storage.tables import outcomes as table
from tests.crowd import add_crowd, open_hub
from tests.storage.deciding import (
    A_CANT,
    A_DID,
    about,
    begin,
    decided,
    does,
    draft,
    outcomes_published,
    publish,
    queued,
    refused,
    written,
)


def a_picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
async def number(any_house):
    number = await any_house.run(begin)
    await does(any_house, *written(number, **A_DID), *written(number, 1, **A_CANT, because="no money"))
    await does(any_house, decided(number))
    return number


# --- sealed -----------------------------------------------------------------------------------------


async def test_nothing_that_staff_wrote_can_be_read_in_the_rows_drafts_and_published_alike(any_house, number):
    await does(any_house, *written(number, what="zebrafish"), decided(number, "quokka"))
    await does(any_house, SetPicture(about(number), a_picture()), DescribePicture(about(number), "marmoset"))

    def rows(db):
        found = [db.run(select(one)).all() for one in (table, parts, pictures.pictures)]
        values = [value for one in found for row in one for value in row]
        return b"".join(bytes(value) for value in values if isinstance(value, bytes | memoryview)), repr(
            found
        )

    for state in ("draft", "published"):
        content, shown = await any_house.run(rows)
        for word in ("zebrafish", "quokka", "marmoset"):
            assert word.encode() not in content, state
            assert word not in shown, state
        assert a_picture() not in content
        await does(any_house, publish(number))
    (outcome,) = await any_house.run(outcomes_published)
    assert outcome.parts[0].what == {"en": "zebrafish"}


async def test_words_that_were_moved_to_another_row_do_not_open(any_house, number):
    from storage.security.vault import KeyMismatch

    def swap(db):
        first, second = db.run(select(parts).order_by(parts.c.place)).all()
        db.run(parts.update().where(parts.c.id == second.id).values(sealed=first.sealed))
        return outcomes.outcomes_where(db, table.c.id == first.outcome_id)

    with pytest.raises(KeyMismatch):
        await any_house.run(swap)


async def test_an_outcome_is_about_exactly_one_thing_and_nothing_has_two(any_house, number):
    def both(db, **subject):
        return db.run(insert(table).values(state="draft", language="en", made_at=db.now, **subject))

    for wrong in ({}, {"consultation_id": number, "issue_id": 7}, {"consultation_id": number}):
        with pytest.raises(IntegrityError):
            await any_house.run(lambda db, wrong=wrong: both(db, **wrong))
    await any_house.run(lambda db: both(db, issue_id=7))


# --- in variants ------------------------------------------------------------------------------------


async def test_every_text_is_there_in_order_and_each_takes_a_variant(any_house, number):
    found = await draft(any_house, number)
    places = [(spot.place, spot.name) for spot, _texts in spots(found.outcome)]
    assert places == [
        (0, "you_said"), (0, "we_heard"), (0, "what"),
        (1, "you_said"), (1, "we_heard"), (1, "what"), (1, "because"), (None, "who"),
    ]  # fmt: skip
    for place, name in places:
        await does(any_house, WriteVariant(about(number), Spot(place, name), "pl", f"po polsku {name}"))
    found = await draft(any_house, number)
    assert all(texts["pl"] == f"po polsku {spot.name}" for spot, texts in spots(found.outcome))


async def test_a_changed_original_puts_its_variants_aside_and_the_others_stay(any_house, number):
    for name in ("what", "we_heard"):
        await does(any_house, WriteVariant(about(number), Spot(0, name), "pl", "po polsku"))
    await does(any_house, *written(number, what="chose the new library"))
    part = (await draft(any_house, number)).outcome.parts[0]
    assert current_variants(part.what) == {"en": "chose the new library"}
    assert outdated_variant(part.what, "pl") == "po polsku"
    assert part.we_heard["pl"] == "po polsku"


@pytest.mark.parametrize(
    "effect",
    [
        lambda n: WriteVariant(about(n), Spot(0, "owner"), "pl", "nobody owns it"),
        lambda n: WriteVariant(about(n), Spot(7, "what"), "pl", "no such part"),
        lambda n: WriteVariant(about(n), Spot(None, "picture"), "pl", "no such picture"),
        lambda n: WriteVariant(about(n), Spot(0, "what"), "en", "around the original"),
        lambda n: WriteVariant(about(n), Spot(0, "what"), "pl", "x" * 751),
        lambda n: WriteVariant(about(n), Spot(0, "what"), "pl", "  "),
    ],
)
async def test_a_variant_of_nothing_is_refused(any_house, number, effect):
    assert await refused(any_house, effect(number))


async def test_a_deleted_issue_is_reported_as_gone(any_house, number):
    from conversations.outcomes.effects import WritePart
    from conversations.outcomes.outcome import Subject

    assert "isn't there" in await refused(
        any_house, WritePart(Subject("issue", 1), 0, "you_said", "more trees")
    )


# --- a picture --------------------------------------------------------------------------------------


async def test_a_picture_without_its_words_does_not_go_out(any_house, number):
    await does(any_house, SetPicture(about(number), a_picture()))
    assert "The picture needs words" in await refused(any_house, publish(number))
    await does(any_house, DescribePicture(about(number), "Two lamps at a bus stop."))
    await does(any_house, SetPicture(about(number), a_picture("blue")))
    assert "The picture needs words" in await refused(any_house, publish(number)), "it is another picture"
    await does(any_house, DescribePicture(about(number), "Two lamps."), publish(number))
    assert await queued(any_house) == 3


async def test_a_picture_is_seen_by_everybody_only_once_it_is_out(any_house, number):
    await does(any_house, SetPicture(about(number), a_picture()), DescribePicture(about(number), "A lamp."))
    draft_id = (await draft(any_house, number)).outcome.id

    async def seen(*, published_only):
        return await any_house.run(lambda db: pictures.content(db, draft_id, published_only=published_only))

    assert await seen(published_only=True) is None
    assert await seen(published_only=False) == a_picture()
    await does(any_house, publish(number))
    assert await seen(published_only=True) == a_picture()


async def test_a_removed_picture_disappears_with_its_description(any_house, number):
    await does(any_house, SetPicture(about(number), a_picture()), DescribePicture(about(number), "A lamp."))
    await does(any_house, DropPicture(about(number)))
    found = (await draft(any_house, number)).outcome
    assert found.picture is None
    assert (
        await any_house.run(lambda db: db.run(select(func.count()).select_from(pictures.pictures)).scalar())
        == 0
    )
    await does(any_house, publish(number))


# --- what may go wrong --------------------------------------------------------------------------------


async def test_an_outcome_on_an_empty_consultation_is_published_and_tells_nobody(any_house, number):
    empty = await any_house.run(lambda db: open_hub(db, "empty"))
    await does(any_house, *written(empty, **A_DID), decided(empty), publish(empty))
    assert await queued(any_house) == 0
    assert (await draft(any_house, empty)).stage == "published"
    assert len(await any_house.run(outcomes_published)) == 1


async def test_somebody_deleted_between_publishing_and_sending_gets_nothing(any_house, number):
    more = await any_house.run(lambda db: add_crowd(db, 1, consultation=number, first=7000))
    await does(any_house, publish(number))
    assert await queued(any_house) == 4
    await any_house.run(lambda db: people.forget(db, more[0]))
    assert await queued(any_house) == 3


async def test_a_clock_that_is_set_to_another_zone_moves_nothing(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, publish(number, at))
    found = await draft(any_house, number)
    assert found.zone == "Europe/London"
    any_house.runtime = replace(
        any_house.runtime, rules=replace(any_house.runtime.rules, zone=ZoneInfo("America/New_York"))
    )
    any_house.clock.now = at - timedelta(seconds=1)
    assert await any_house.run(publishing.publish_due) == 0
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 1
    assert await any_house.run(publishing.publish_due) == 0
    assert await queued(any_house) == 3
    told = select(outbox.c.due).where(outbox.c.kind == "outcome")
    due = await any_house.run(lambda db: set(db.run(told).scalars()))
    assert due == {at + timedelta(hours=1)}, (
        "it is 07:00 in New York: the messages wait for the morning there"
    )


async def test_two_who_begin_at_once_begin_one_draft(any_house):
    import asyncio

    number = await any_house.run(begin)
    await asyncio.gather(
        does(any_house, *written(number, you_said="one"), person=1),
        does(any_house, *written(number, you_said="other"), person=2),
    )
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar()) == 1
    found = await draft(any_house, number)
    assert len(found.outcome.parts) == 1
    assert found.writers == {1, 2}


async def test_a_draft_named_by_its_own_id_is_the_same(any_house, number):
    found = await draft(any_house, number)
    session = Session("", 0, {"outcome": found.outcome.id})
    named = await any_house.run(lambda db: outcomes.current_draft(db, None, session))
    assert named.draft == found
    gone = await any_house.run(lambda db: outcomes.current_draft(db, None, Session("", 0, {"outcome": 99})))
    assert gone.draft is None
