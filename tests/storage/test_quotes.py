"""Quotes: only with consent to that very text, asked once, void once the text changes."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from conversations.consultations.effects import SaveAnswer
from conversations.core.messages import Session
from conversations.outcomes.effects import SetQuote
from conversations.results.effects import AnswerQuote, AskToQuote
from handlers import announcements
from storage.consultations import answers
from storage.operations import retention
from storage.outbox import outbox as messages
from storage.people import people
from storage.results import quotes
from storage.tables import outbox, roles
from storage.tables import people as people_table
from storage.tables import quotes as table
from tests.crowd import HUB
from tests.storage.deciding import (
    A_DID,
    about,
    begin,
    decided,
    does,
    draft,
    outcomes_published,
    publish,
    refused,
    written,
)

SENTENCE = "it would be warm in winter"
WRITER, ANOTHER = 3, 4  # two of those who took part


@pytest.fixture
async def number(any_house):
    def fill(db):
        number = begin(db)
        db.run(roles.insert().values(person_id=1, role="worker", at=db.now))
        answers.replace(db, WRITER, number, HUB.questions[1], SENTENCE)
        answers.replace(db, ANOTHER, number, HUB.questions[1], "no idea")
        return number

    return await any_house.run(fill)


async def asked(house, number, person=WRITER):
    """A team member asks; returns the quote's id."""
    await does(house, AskToQuote(number, "why", person))
    return await house.run(lambda db: db.run(select(func.max(table.c.id))).scalar())


async def message(house):
    """The message that the person gets, as built now; None if there is nothing left to ask."""

    def build(db):
        row = db.run(select(outbox).where(outbox.c.kind == "quote").order_by(outbox.c.id.desc())).first()
        return announcements.build(house.runtime, db, messages.message_of(db, row))

    return await house.run(build)


async def quotable(house, number):
    return [quote.words for quote in await house.run(lambda db: quotes.quotable(db, number))]


async def writes(house, number, words, person=WRITER):
    await does(house, SaveAnswer(number, "why", words), person=person)


async def the_public_page(house):
    (outcome,) = await house.run(outcomes_published)
    return [part.quote.words if part.quote else "" for part in outcome.parts]


async def test_they_get_their_own_sentence_and_two_answers_of_the_same_size(any_house, number):
    quote = await asked(any_house, number)
    say = await message(any_house)
    assert f'You wrote: "{SENTENCE}"' in say.text
    assert [[button.key for button in row] for row in say.rows] == [
        [f"/quote {quote} yes", f"/quote {quote} no"]
    ]
    assert await quotable(any_house, number) == []


async def test_consent_shows_the_quote_under_a_part_and_withdrawal_removes_it(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, *written(number, **A_DID), decided(number))
    assert "may not be quoted" in await refused(any_house, SetQuote(about(number), 0, quote))
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    assert await quotable(any_house, number) == [SENTENCE]
    await does(any_house, SetQuote(about(number), 0, quote), publish(number))
    assert await the_public_page(any_house) == [SENTENCE]
    await does(any_house, AnswerQuote(quote, yes=False), person=WRITER)
    assert await the_public_page(any_house) == [""]
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    assert await the_public_page(any_house) == [SENTENCE]


async def test_a_no_is_kept_and_nobody_is_asked_again(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=False), person=WRITER)
    assert "asked about this sentence already" in await refused(any_house, AskToQuote(number, "why", WRITER))
    assert await quotable(any_house, number) == []


async def test_two_workers_who_ask_at_once_ask_once(any_house, number):
    both = [does(any_house, AskToQuote(number, "why", WRITER)) for _ in range(2)]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, Exception) for result in results) == 1
    count = select(func.count()).where(outbox.c.kind == "quote")
    assert await any_house.run(lambda db: db.run(count).scalar()) == 1


async def test_a_changed_answer_voids_the_yes_and_the_asking(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    await writes(any_house, number, "it would be cold")
    assert await quotable(any_house, number) == []
    assert await message(any_house) is None
    assert "changed what you wrote" in await refused(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    # The new sentence may be asked about; the old one, should it come back, was asked about already.
    again = await asked(any_house, number)
    assert again != quote
    await does(any_house, AnswerQuote(again, yes=False), person=WRITER)
    await writes(any_house, number, SENTENCE)
    assert "already" in await refused(any_house, AskToQuote(number, "why", WRITER))
    assert await quotable(any_house, number) == [SENTENCE]


async def test_nobody_can_answer_for_somebody_else(any_house, number):
    quote = await asked(any_house, number)
    assert "changed" in await refused(any_house, AnswerQuote(quote, yes=True), person=ANOTHER)
    await does(any_house, AnswerQuote(quote, yes=False), person=ANOTHER)
    assert await any_house.run(lambda db: db.run(select(table.c.state)).scalar()) == "asked"


async def test_after_delete_nothing_of_it_is_left_and_the_outcome_stays(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    await does(any_house, *written(number, **A_DID), decided(number))
    await does(any_house, SetQuote(about(number), 0, quote), publish(number))
    await any_house.run(lambda db: people.forget(db, WRITER))
    assert await the_public_page(any_house) == [""]
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar()) == 0


async def test_when_its_words_are_erased_after_their_time_it_is_not_shown_any_more(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    await does(any_house, *written(number, **A_DID), decided(number))
    await does(any_house, SetQuote(about(number), 0, quote), publish(number))
    any_house.clock.on(days=400)
    await any_house.run(retention.erase_words)
    assert await the_public_page(any_house) == [""]


@pytest.mark.parametrize("gone", ["stopped", "unreachable", "deleted", "too long"])
async def test_people_who_are_unreachable_or_opted_out_are_not_asked(any_house, number, gone):
    if gone == "stopped":
        await any_house.run(lambda db: db.run(update(people_table).values(stopped_at=db.now)))
    elif gone == "unreachable":
        await any_house.run(lambda db: people.mark_unreachable(db, WRITER))
    elif gone == "deleted":
        await any_house.run(lambda db: people.forget(db, WRITER))
    else:
        await writes(any_house, number, "long " * 100)
    assert await refused(any_house, AskToQuote(number, "why", WRITER))
    assert await any_house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar()) == 0


async def test_only_those_who_read_answers_may_ask(any_house, number):
    assert "any more" in await refused(any_house, AskToQuote(number, "why", WRITER), person=2)


async def test_a_sentence_of_another_consultation_cannot_be_chosen(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)

    def other(db):
        from tests.crowd import open_hub

        return open_hub(db, "another")

    second = await any_house.run(other)
    await does(any_house, *written(second, **A_DID))
    assert "may not be quoted" in await refused(any_house, SetQuote(about(second), 0, quote))


async def test_the_sentence_is_stored_once_and_its_person_is_nowhere_in_the_audit(any_house, number):
    quote = await asked(any_house, number)
    await does(any_house, AnswerQuote(quote, yes=True), person=WRITER)
    row = await any_house.run(lambda db: db.run(select(table)).one())
    assert SENTENCE.encode() not in bytes(row.hashed)
    mine = await any_house.run(lambda db: quotes.my_quotes(db, people.door_by_id(db, WRITER), Session("")))
    assert [sentence.words for sentence in mine.sentences] == [SENTENCE]
    assert (await draft(any_house, number)).quotable == 1
