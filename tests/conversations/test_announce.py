"""Messages built when they are sent: from the current state, for that person; none if there is nothing left to say."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from conversations.broadcasts.progress import OneProgress, Progress, say_progress
from conversations.changes.messages import OUTCOME
from conversations.consultations.messages import INVITATION
from conversations.core.channels import TELEGRAM
from conversations.core.messages import Session
from conversations.core.person import Person
from handlers import announcements
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.outbox import broadcasts, outbox
from storage.tables import consultations
from storage.tables import outbox as table
from storage.tables import people as people_table
from tests.crowd import add_crowd, open_hub
from tests.house import as_text


async def built(house):
    def build(db):
        row = db.run(table.select().where(table.c.lane == "broadcast")).first()
        return announcements.build(house.runtime, db, outbox.message_of(db, row))

    return await house.run(build)


async def invited(house):
    number = await house.run(open_hub)
    await house.run(lambda db: add_crowd(db, 1))
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))


async def test_an_invitation_says_what_is_open_who_decides_and_by_when(house):
    await invited(house)
    text = as_text(await built(house))
    assert text.startswith("Something new is open: The new youth hub\n")
    assert "the youth committee" in text
    assert "20 December" in text
    assert "[Have your say]" in text


async def test_a_consultation_closed_meanwhile_is_not_offered(house):
    await invited(house)
    await house.run(lambda db: db.run(update(consultations).values(state="closed")))
    assert await built(house) is None


async def test_it_speaks_the_persons_language_of_that_moment(house):
    await invited(house)
    await house.run(lambda db: db.run(update(people_table).values(language="pl")))
    say = await built(house)
    assert say.language == "pl"


async def test_no_sentence_of_an_invitation_is_in_two_languages(house):
    await invited(house)
    await house.run(lambda db: db.run(update(people_table).values(language="pl")))
    say = await built(house)
    ours, theirs = say.text.split("\n\n")
    assert say.heading == "Jest coś nowego."
    assert ours == "Pytania są tylko w tym języku: angielski."
    assert theirs.splitlines() == [
        "The new youth hub",
        "Who decides: the youth committee.",
        "You'll get an answer by Sunday 20 December.",
    ]


def told(house, progress, *roles):
    person = Person(1, language="en", roles=frozenset(roles))
    loaded = {OneProgress: OneProgress(progress)}
    now = datetime(2026, 12, 1, 16, tzinfo=UTC)
    return say_progress(
        Session("progress", 0, {"broadcast": 1}), house.runtime.facts(now, person, TELEGRAM, loaded)
    )


@pytest.mark.parametrize(
    ("progress", "lines"),
    [
        (Progress(OUTCOME.broadcast, None, sent=1, waiting=0), ["1 of 1 person has it."]),
        (
            Progress(OUTCOME.broadcast, None, sent=12, waiting=30, a_second=0.5),
            ["12 of 42 people have it.", "About 1 minute left."],
        ),
        (
            Progress(OUTCOME.broadcast, None, 3, 2, failed=1, unreachable=2, unknown=1, on_pages=4),
            [
                "3 of 13 people have it.",
                "4 people see it on the web page, when they open it.",
                "2 people can't be reached any more.",
                "1 message may have arrived, or not. I don't send it twice.",
                "1 message was refused.",
            ],
        ),
        (
            Progress(INVITATION.broadcast, None, 0, 5, goes_on=datetime(2026, 12, 2, 8, tzinfo=UTC)),
            [
                "0 of 5 people have it.",
                "It's quiet time. The rest goes out from Wednesday 2 December, 08:00.",
            ],
        ),
    ],
)
async def test_how_far_it_is_in_words(house, progress, lines):
    assert told(house, progress, "worker").text.splitlines() == lines


async def test_how_far_it_is_is_for_staff_only(house):
    assert told(house, Progress(OUTCOME.broadcast, None, 1, 1)) is None
