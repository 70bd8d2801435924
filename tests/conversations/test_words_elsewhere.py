"""Words land at the question that they were written for; about all others Heard says that it has not used them."""

import pytest
from sqlalchemy import select

from bot.cli.play import open_now
from conversations.consultations.form import Form, Question
from conversations.core.channels import TELEGRAM
from conversations.core.events import Said
from handlers.incoming import Incoming
from storage.consultations import answers
from storage.tables import cases, consultations, outbox

FORM = Form(
    "park",
    {"en": "The park"},
    (
        Question("swings", "text", {"en": "What about the swings?"}),
        Question("trees", "text", {"en": "What about the trees?"}),
        Question("lamps", "text", {"en": "What about the lamps?"}),
    ),
)
EARLY, REPLY, FORWARDED = "came before you could see", "replied to another message", "You forwarded this"


@pytest.fixture
async def young(house):
    await house.run(lambda db: open_now(db, FORM))
    someone = house.person()
    await someone.joins()
    await someone.types("/say")
    await someone.taps("Start")
    assert "swings" in someone.sees
    return someone


async def given(house, question):
    number = await house.run(lambda db: db.run(select(consultations.c.id)).scalar())
    texts, _ = await house.run(lambda db: answers.texts(db, number, question, 0, 9))
    return [words for _who, words in texts]


async def number_of_newest(house):
    """The number of our newest message in the chat."""
    newest = select(outbox.c.message).order_by(outbox.c.id.desc()).limit(1)
    return await house.run(lambda db: db.run(newest).scalar())


def told(someone):
    return "\n".join(say.text for say in someone.heard[-2:])


async def test_the_second_of_two_messages_at_once_answers_no_question_that_nobody_saw(house, young):
    before = await number_of_newest(house)
    await young.types("they squeak")
    await young.does(Said("and they are old", message=before))
    assert EARLY in told(young)
    assert "trees" in young.sees
    assert (await given(house, "swings"), await given(house, "trees")) == (["they squeak"], [])


async def test_sent_again_it_is_the_answer(house, young):
    before = await number_of_newest(house)
    await young.types("they squeak")
    await young.does(Said("and they are old", message=before))
    await young.types("and they are old")
    assert await given(house, "trees") == ["and they are old"]


async def test_while_a_question_is_unsent_nobody_can_have_seen_it(house, young):
    incoming = Incoming(TELEGRAM, young.address, house.update())
    await house.runtime.take_turn(incoming, Said("they squeak", message="1000001"))
    await young.does(Said("and they are old", message="1000002"))
    assert EARLY in told(young)
    assert await given(house, "trees") == []


async def test_words_after_a_question_was_seen_are_its_answer_although_it_was_asked_again(house, young):
    seen = str(int(await number_of_newest(house)) + 1)
    await young.sends("voice")
    await young.does(Said("they squeak", message=seen))
    assert await given(house, "swings") == ["they squeak"]


@pytest.mark.parametrize("typed", ["Skip", "Back", "Stop here"])
async def test_a_buttons_words_that_came_early_tap_nothing(house, young, typed):
    before = await number_of_newest(house)
    await young.types("they squeak")
    await young.does(Said(typed, message=before))
    assert EARLY in told(young)
    assert "trees" in young.sees


async def test_a_sign_of_danger_that_came_early_is_answered(house, young):
    before = await number_of_newest(house)
    await young.types("they squeak")
    await young.does(Said("i want to kill myself", message=before))
    assert "999" in young.sees
    assert await house.run(lambda db: db.run(select(cases.c.kind)).scalars().all()) == ["suicide"]


async def test_a_reply_to_an_older_question_is_not_the_answer_to_this_one(house, young):
    older = await number_of_newest(house)
    await young.types("they squeak")
    await young.does(Said("no, they sing", message="1000009", replies_to=older))
    assert REPLY in told(young)
    assert await given(house, "trees") == []


async def test_a_reply_to_the_current_question_is_its_answer(house, young):
    await young.types("they squeak")
    this = await number_of_newest(house)
    await young.does(Said("more of them", message="1000009", replies_to=this))
    assert await given(house, "trees") == ["more of them"]


async def test_a_reply_to_an_invitation_that_came_meanwhile_answers_nothing(house, young):
    def invited(db):
        row = db.run(select(outbox).order_by(outbox.c.id.desc()).limit(1)).one()
        values = {
            "once": "invited",
            "door_id": row.door_id,
            "door_kind": "telegram",
            "lane": "broadcast",
            "due": db.now,
        }
        db.run(outbox.insert().values(**values, state="sent", kind="invitation", message="999999"))

    await house.run(invited)
    await young.does(Said("great", message="1000009", replies_to="999999"))
    assert REPLY in told(young)
    assert await given(house, "swings") == []


async def test_what_somebody_passes_on_is_no_answer_and_is_looked_through(house, young):
    await young.does(Said("swings are for babies", message="1000009", elsewhere="forwarded"))
    assert FORWARDED in told(young)
    assert await given(house, "swings") == []
    await young.does(Said("i want to kill myself", message="1000010", elsewhere="forwarded"))
    assert "999" in young.sees


async def test_the_words_under_a_picture_are_not_used_and_it_says_so(house, young):
    await young.sends("photo", caption="they squeak")
    assert "I haven't used the words that came with it." in told(young)
    await young.sends("photo")
    assert "I haven't used" not in told(young)
