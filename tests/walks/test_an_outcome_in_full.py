"""An outcome with everything in it, from the first sentence to each reader's message; on both databases and channels."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.cli.play import choices, open_now
from bot.scheduler.scheduler import tick
from conversations.consultations.form import Form, Option, Question
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.events import Chose, SafePicture, Sent
from conversations.core.messages import Say
from conversations.core.record import replace
from conversations.team.effects import SetTeamRule
from handlers import announcements
from handlers.files.render import draw
from storage.people import people
from storage.tables import doors, outbox, parts, roles
from storage.team import team_rules
from tests.bot.post import TestPost
from tests.house import House, Someone
from tests.walks.test_closing_the_loop import the_courier, writes

HUB = Form(
    code="hub",
    title={"en": "The new youth hub", "pl": "Nowy dom młodzieży"},
    decision_maker={"en": "the youth committee", "pl": "komisja młodzieży"},
    questions=(
        Question(
            "visit",
            "select_one",
            {"en": "Would you come?", "pl": "Czy przyjdziesz?"},
            options=(Option("yes", {"en": "Yes", "pl": "Tak"}), Option("no", {"en": "No", "pl": "Nie"})),
        ),
        Question("why", "text", {"en": "Why?", "pl": "Dlaczego?"}),
    ),
)

TO_THE_PREVIEW = (
    "/outcome", "[1]", "[Begin]",
    "72 % would come, 24 % would not and 5 % did not say", "[Write it again]",
    "most of you would come", "[1]", "it has to be near a bus stop",
    "[We will do it]", "open it in the old library", "Libraries", "31 March",
    "[Add another part]", "you say why", "[2]", "you want to be warm", "[We can't]", "heat it at night",
    "[Back]", "[Keep it]", "nobody may be there then",
    "[That's all]", "[Use this]",
)  # fmt: skip
IN_POLISH = (
    "[In other words]", "[Polish]", "większość z was by przyszła", "musi być blisko przystanku",
    "otworzymy go w starej bibliotece", "Biblioteki", "mówicie dlaczego", "chcecie ciepła",
    "ogrzewać w nocy", "nikomu nie wolno tam wtedy być", "komisja młodzieży", "Czerwony dom.", "[Back]",
)  # fmt: skip


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(params=["telegram", "web"])
def door(request: pytest.FixtureRequest) -> str:
    """The channel that staff use; young people use both."""
    return request.param


@pytest.fixture
async def house(any_house: House) -> House:
    await any_house.run(lambda db: open_now(db, HUB))
    return any_house


async def takes_part(
    house: House, address: str, why: str, door: str = "telegram", language: str = "en"
) -> Someone:
    """Somebody who says that they would come, and why; in any language, for buttons are known by their keys."""
    someone = house.person(address, door)
    for move in (
        "/start",
        f"[{language}]",
        "[normal]",
        "[ok]",
        "[16-17]",
        "[yes]",
        "/say",
        "[start]",
        "[0]",
        why,
        "[done]",
    ):
        keys = {choice.key for choice in choices(someone.heard[-1])} if someone.heard else set()
        if not move.startswith("["):
            await someone.types(move)
        elif move[1:-1] in keys:  # a language with one reading version does not ask for it
            await someone.does(Chose(someone.heard[-1].visit, move[1:-1]))
    return someone


async def come_to(house: House, someone: Someone) -> list[Say]:
    """What waits for somebody at their page."""
    found = await house.run(lambda db: people.door_at(db, WEB, someone.address))
    lines = await house.run(lambda db: announcements.show(house.runtime, db, found.id))
    return [line.say for line in lines if line.alone]


async def gets(house: House, post: TestPost, someone: Someone) -> Say:
    """The newest message that came to a person by itself, on any channel."""
    if not someone.channel.pushes:
        return (await come_to(house, someone))[-1]
    async with the_courier(house, post):
        pass
    return [given.say for given in post.arrived if given.address == someone.address][-1]


async def may_be_quoted(house: House, worker: Someone, post: TestPost, young: Someone) -> None:
    """A worker asks for a quote, and its author says yes."""
    await writes(
        worker, "/results", "[The new youth hub]", "[Next question]", "[Read what they wrote]", "[1]"
    )
    assert '"the bus stops there"' in worker.sees
    await worker.taps("Ask to quote it")
    assert "They haven't answered yet" in worker.sees
    young.heard.append(await gets(house, post, young))
    assert 'You wrote: "the bus stops there"' in young.sees
    await young.taps("Yes, you may")
    assert "It may be quoted" in young.heard[-2].text
    await worker.taps("Back")
    await worker.taps("1")
    assert "They said yes" in worker.sees


async def test_everything_about_an_outcome_reaches_each_of_them_in_their_words(house, door):
    post = TestPost()
    anna = await takes_part(house, "71", "the bus stops there")
    cleo = await takes_part(house, "cleo", "bo jest ciepło", "web", language="pl")
    ben = await takes_part(house, "72", "my friends go there")
    eve = await takes_part(house, "73", "at home i want to die")
    fay = await takes_part(house, "74", "it is quiet")
    worker, decider, other = [
        await house.staff(role, address, door)
        for role, address in (("worker", "901"), ("decider", "902"), ("decider", "903"))
    ]
    await house.run(_ask_for_a_second_yes)
    await may_be_quoted(house, worker, post, anna)

    # Written, with a figure that is put right, a picture with its words, Polish, and somebody's sentence.
    await writes(decider, *TO_THE_PREVIEW)
    assert "Your team asks for a second person's yes" in decider.sees
    assert "[Send now]" not in decider.sees
    await decider.taps("Add a picture")
    await decider.does(Sent("photo", file=SafePicture(a_picture())))
    await decider.types("A red house.")
    await writes(decider, *IN_POLISH)
    assert "Polish" not in decider.sees.partition("Not there yet")[0]
    assert "1 sentence may be quoted" in decider.sees
    await writes(decider, "[Change a part]", "[1]", "[A sentence of theirs]", "[1]", "[Back]", "[Back]")
    assert 'One of you wrote: "the bus stops there"' in decider.sees

    # The preview of each reader's message.
    await writes(decider, "[See it as they do]", "[Polish]")
    assert "otworzymy go w starej bibliotece" in decider.sees
    assert decider.heard[-1].attachment.described == "Obraz: Czerwony dom."
    assert decider.heard[-1].language == "pl"
    assert "jako przykład" in decider.sees
    await writes(decider, "[Wróć]", "[Arabic]")
    assert "open it in the old library" in decider.sees
    assert decider.heard[-1].language == "en"

    # A second person reads it, and sends it back; then says yes, and it has its time.
    house.clock.on(minutes=2)  # so many messages in one minute exceed the limit
    await writes(decider, "/outcome", "[1]", "[Go on]", "[Ask a colleague]", "[At once]")
    assert "A colleague was asked for a yes" in decider.sees
    other.heard.append(await gets(house, post, other))
    await other.taps("Read it")
    assert "With your yes it goes out at once." in other.sees
    await writes(other, "[Not yet: say why]", "say that it opens in March")
    decider.heard.append(await gets(house, post, decider))
    assert "say that it opens in March" in decider.sees
    await decider.taps("Read it")
    assert "not yet. “say that it opens in March”" in decider.sees
    await writes(decider, "[Change a part]", "[1]", "[In words]", "open it in the old library in March")
    await writes(
        decider, "[In other words]", "[Polish]", "otworzymy go w marcu w starej bibliotece", "[Back]"
    )
    await writes(decider, "[Ask a colleague]", "[Choose a time]", "[Tomorrow 16:00]")
    assert "then it goes out on Wednesday 2 December, 16:00" in decider.sees
    other.heard.append(await gets(house, post, other))
    await writes(other, "[Read it]", "[Yes, send it]")
    assert "The answer goes out on Wednesday 2 December, 16:00." in other.sees
    assert "A colleague has said yes to it." in other.sees

    # Until then answers can be changed: what is quoted is what stands there when it is sent.
    await writes(fay, "/say 1", "[Change my answers]", "[Change an answer]", "[2]", "it is bright")
    house.clock.on(days=1)
    await tick(house.runtime)
    await ben.types("/delete")
    await ben.taps("Yes, delete it")
    say = await gets(house, post, anna)
    assert say.text == (
        "You said: most of you would come.\n"
        "(You chose: Yes.)\n"
        'One of you wrote: "the bus stops there"\n'
        "We heard: it has to be near a bus stop.\n"
        "We will: open it in the old library in March.\n"
        "Who: Libraries.\n"
        "By: 31 March 2027.\n"
        "\n"
        "You said: you say why.\n"
        '(You wrote: "the bus stops there")\n'
        "We heard: you want to be warm.\n"
        "We can't: heat it at night.\n"
        "Because: nobody may be there then.\n"
        "\n"
        "Decided by the youth committee, 2 December 2026.\n"
        "\n"
        "Did we get it right?"
    )
    assert say.attachment.described == "Picture: A red house."
    drawn = await draw(house.runtime, say.attachment)
    assert (drawn.content, drawn.kind) == (a_picture(), "image/jpeg")

    polish = await gets(house, post, cleo)
    assert "otworzymy go w marcu w starej bibliotece" in polish.text
    assert "(Twój wybór: Tak.)" in polish.text
    assert "(Twoje słowa: „bo jest ciepło”)" in polish.text
    assert "most of you" not in polish.text

    fays = await gets(house, post, fay)
    assert '(You wrote: "it is bright")' in fays.text
    assert "quiet" not in fays.text
    eves = await gets(house, post, eve)
    assert "(You chose: Yes.)" in eves.text
    assert "die" not in eves.text
    assert not [text for text in post.texts("72") if "what happened" in text or "old library" in text]

    # People who did not contribute see the public version, on the chat's /changed.
    dan = house.person("79")
    await dan.joins()
    await writes(dan, "/changed", "[1]")
    assert "You chose" not in dan.sees
    assert 'One of you wrote: "the bus stops there"' in dan.sees
    await writes(anna, "/mydata", "[What may be quoted]", "[1]")
    await writes(dan, "/changed", "[1]")
    assert "the bus stops there" not in dan.sees


def _ask_for_a_second_yes(db):
    owner = people.find_or_create_door(db, TELEGRAM, "an-owner")
    team_rules.set_rule(db, owner, SetTeamRule("approval", value=True))
    db.run(roles.update().values(at=db.now - timedelta(days=30)))  # who is here has been here for long


def _signed_in(db):
    """On a page a sign-in lasts twelve hours; later staff sign in again."""
    db.run(doors.update().where(doors.c.kind == "web").values(signed_in_until=db.now + WEB.sign_in))


# --- what may go wrong, said once -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("x" * 10_000, "That is 10000 letters long."),
        ("72 % yes, 24 % no and 5 % not said", "These add up to 101 %"),
    ],
)
async def test_invalid_input_gets_one_clear_message_and_loses_nothing(house, door, typed, answer):
    decider = await house.staff("decider", "902", door)
    says = await _at_the_first_question(decider, typed)
    assert [answer in f"{say.heading}\n{say.text}" for say in says].count(True) == 1
    assert await _stored_texts(house) == (0 if len(typed) > 500 else 1)


async def _at_the_first_question(decider: Someone, typed: str) -> list[Say]:
    await writes(decider, "/outcome", "[1]", "[Begin]")
    return await decider.types(typed)


async def _stored_texts(house: House) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(parts)).scalar())


async def test_two_deciders_one_of_whom_changes_what_the_other_sees(house, door):
    """The second "Send now" sends the current text, once; nothing is lost, and nobody gets it twice."""
    await takes_part(house, "71", "why not")
    one, two = await house.staff("decider", "902", door), await house.staff("decider", "903", door)
    await writes(one, *TO_THE_PREVIEW)
    await writes(
        two, "/outcome", "[1]", "[Go on]", "[Change a part]", "[1]", "[We heard]", "it has to be cheap"
    )
    for decider in (one, two):
        await decider.taps("Send now")
    for decider in (one, two):
        await decider.taps("Yes, send it")
    assert "The answer has gone out." in two.sees or "on its way" in two.sees
    told = select(func.count()).where(outbox.c.kind == "outcome")
    assert await house.run(lambda db: db.run(told).scalar()) == 1


async def test_an_old_yes_says_yes_to_nothing_new(house, door):
    one, two = await house.staff("decider", "902", door), await house.staff("decider", "903", door)
    await house.run(_ask_for_a_second_yes)
    await writes(one, *TO_THE_PREVIEW, "[Ask a colleague]", "[At once]")
    await two.types("/outcome read 1")
    await writes(
        one, "[Change a part]", "[1]", "[In words]", "open it elsewhere", "[Ask a colleague]", "[At once]"
    )
    await two.taps("Yes, send it")
    assert "It was changed since you saw it" in two.heard[-2].text
    assert "open it elsewhere" in two.sees
    await two.taps("Yes, send it")
    assert "/changed" in two.sees


async def test_another_clock_than_when_it_was_scheduled_is_said(house, door):
    decider = await house.staff("decider", "902", door)
    await writes(decider, *TO_THE_PREVIEW, "[Choose a time]", "[Tomorrow 16:00]")
    rules = replace(house.runtime.rules, zone=ZoneInfo("Europe/Warsaw"))
    library = replace(house.runtime.library, zone=rules.zone)
    house.runtime = replace(house.runtime, rules=rules, catalogues=library)
    await writes(decider, "/outcome", "[1]")
    assert "The answer goes out on Wednesday 2 December, 17:00." in decider.sees
    assert "chosen by the clock of Europe/London" in decider.sees
    house.clock.on(days=1)
    await tick(house.runtime)
    await house.run(_signed_in)
    await decider.types("/outcome read 1")
    assert "has gone out" in decider.sees


async def test_a_day_that_passes_before_sending_is_reported_by_its_part(house, door):
    decider = await house.staff("decider", "902", door)
    await writes(decider, *TO_THE_PREVIEW, "[Choose a time]", "20 April 12:00")
    assert "Part 1: its day would have passed" in decider.heard[-2].text
    await writes(decider, "[Back]")
    house.clock.on(days=150)
    await house.staff_stay()
    await house.run(_signed_in)
    await writes(decider, "/outcome", "[1]", "[Go on]")
    assert "Part 1: its day would have passed" in decider.sees
    await writes(decider, "[Go on]", "[In 3 months]")
    assert "[Send now]" in decider.sees
