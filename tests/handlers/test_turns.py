"""Turns: a bug in a flow costs nobody their turn, their safety, or another attempt."""

import pytest
from sqlalchemy import func, select, update

from conversations.consultations import safe_regex
from conversations.consultations.form import Question
from conversations.consultations.sample import BUSES
from conversations.core.channels import TELEGRAM, WEB
from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Said
from conversations.core.record import replace
from handlers.incoming import Incoming
from storage.consultations import manage
from storage.outbox import outbox
from storage.people import sessions
from storage.people.people import door_at, mark_shared
from storage.tables import cases, consultations, people
from tests.house import House


def broken(house: House) -> None:
    """From here on, the home step raises on typed text."""

    def breaks(*_: object) -> None:
        raise RuntimeError("private words in an error")

    home = house.runtime.flows.steps["home"]
    steps = {**house.runtime.flows.steps, "home": Step("home", home.ask, breaks, home.needs)}
    house.runtime = replace(house.runtime, flows=replace(house.runtime.flows, steps=steps))


async def test_a_flow_that_breaks_apologises_once_and_logs_no_words(
    house: House, capfd: pytest.CaptureFixture
):
    sam = house.person()
    await sam.joins()
    broken(house)
    said = await sam.does(Said("my private words"), update="7")
    assert [say.text for say in said] == [
        "Something went wrong on our side. What you sent before is safe. Try again. Who can help: /help."
    ]
    assert await sam.does(Said("my private words"), update="7") == []
    printed = "".join(capfd.readouterr())
    assert "RuntimeError" in printed
    assert "private" not in printed


async def test_a_flow_that_breaks_over_a_sign_of_danger_still_gives_helplines_and_tells_the_lead(
    house: House,
):
    sam = house.person()
    await sam.joins()
    broken(house)
    await sam.types("i want to kill myself")
    assert "0800 1111" in sam.sees
    assert await house.run(lambda db: db.run(select(func.count()).select_from(cases)).scalar()) == 1
    await sam.taps("I'm OK, go on")
    assert "[Have your say]" in sam.sees


@pytest.mark.parametrize("label", ["I'm OK, go on", "Stop here"])
async def test_the_helplines_stay_in_the_chat_after_a_tap_under_them(house: House, label: str):
    sam = house.person()
    await sam.joins()
    await sam.types("i want to kill myself")
    newest = await house.run(lambda db: outbox.latest_message(db, door_at(db, TELEGRAM, sam.address).id))
    say, button = sam._button(label)
    tap = Incoming(TELEGRAM, sam.address, house.update(), tapped=newest)
    taken = await house.runtime.take_turn(tap, Chose(say.visit, button.key))
    assert taken.messages
    assert [message.replaces for message in taken.messages] == [None]


async def test_a_page_on_a_shared_device_stays_one_after_deleting(house: House):
    ana = house.person("ana's page", door="web")
    await ana.joins(band="13–15")
    await house.run(lambda db: mark_shared(db, door_at(db, WEB, ana.address).id))
    await ana.types("/delete")
    await ana.taps("Yes, delete it")
    assert await house.run(lambda db: door_at(db, WEB, ana.address).shared)


async def test_staff_whose_language_lacks_the_staffs_sentences_read_english_all_of_it(house: House):
    from storage.team import members as team

    token = await house.run(lambda db: team.invite(db, "worker"))
    lina = house.person()
    await lina.accepts(token)
    await house.run(lambda db: db.run(update(people).values(language="ar")))
    await lina.types("/home")
    assert lina.heard[-1].language == "en"
    assert "What would you like to do?" in lina.sees


async def test_text_in_unknown_letters_is_stored_and_answered_with_helplines_once_in_a_sitting(house: House):
    sam = house.person()
    await sam.joins()
    said = await sam.types("لا أريد أن أعيش")
    assert "0800 1111" in said[-2].text
    assert "I can't tell from your words" in said[-2].text
    await sam.types("لا أريد أن أعيش")
    assert len([say for say in sam.heard if "I can't tell from your words" in say.text]) == 1
    for text in ("vreau să mor", "mala të vdes", "nagyon szomorú vagyok"):
        house.clock.on(hours=3)
        assert "0800 1111" in (await sam.types(text))[-2].text
    for text in ("lamps at the stop łąka 🙂", "a café at the hub, and a piñata party", "café"):
        house.clock.on(hours=3)
        assert "0800 1111" not in "".join(say.text for say in await sam.types(text))


async def test_two_hundred_patterns_that_never_end_hold_up_no_turn(house: House, monkeypatch):
    slow = [
        Question(f"q{n}", "text", {"en": f"{n}?"}, relevant=(f"regex(${{name}}, '(-|--)+{n}')",))
        for n in range(200)
    ]
    asked = (
        Question("name", "text", {"en": "A name?"}),
        *slow,
        Question("end", "text", {"en": "Anything else?"}),
    )
    number = await house.run(
        lambda db: manage.import_form(db, replace(BUSES, code="slow", questions=asked), None)
    )
    await house.run(lambda db: db.run(consultations.update().values(state="open", opens_at=db.now)))
    sam = house.person()
    await sam.joins()
    await sam.types(f"/say {number}")
    await sam.taps("Start")
    tried, compile_pattern = [], safe_regex._compile

    class Noted:
        def __init__(self, pattern: str) -> None:
            self.pattern = compile_pattern(pattern)

        def fullmatch(self, text: str, **how):
            tried.append(text)
            return self.pattern.fullmatch(text, **how)

    monkeypatch.setattr(safe_regex, "_compile", Noted)
    await sam.types("-" * 60 + "!")
    assert len([text for text in tried if text]) <= 20
    assert "Anything else?" in sam.sees


async def test_no_step_can_keep_a_text_that_is_too_long(house: House):
    """Even one that sets no length of its own."""
    sam = house.person()
    await sam.joins()
    home = house.runtime.flows.steps["home"]
    keeps = replace(home, take=lambda session, event, _facts: Turn(session.with_notes(kept=event.text)))
    steps = {**house.runtime.flows.steps, "home": keeps}
    house.runtime = replace(house.runtime, flows=replace(house.runtime.flows, steps=steps))
    door = await house.run(lambda db: door_at(db, TELEGRAM, sam.address).id)
    kept = [("x" * 4000, "x" * 4000), ("y" * 4001, "x" * 4000)]
    for text, noted in kept:
        said = await sam.types(text)
        session = await house.run(lambda db: sessions.session_at(db, door))
        assert session.notes["kept"] == noted
    assert "longer than I can keep. Can you say it in 4000 letters?" in said[0].text
