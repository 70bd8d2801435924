"""What stands on a button, typed instead of tapped, counts as that button."""

import pytest
from sqlalchemy import select

from storage.consultations.manage import offer_sample
from storage.tables import answers

SAID = {  # Skip, Back and Stop, as each language or version has them
    "English": ("Skip", "Back"),
    "Polski": ("Pomiń", "Wróć"),
    "العربية": ("تخطي السؤال", "رجوع"),
}


async def begun(house, door="telegram", **joining):
    """Somebody at the first question, a choice."""
    await house.run(offer_sample)
    sam = house.person("somewhere", door)
    await sam.joins(**joining)
    await sam.types("/say")
    await sam.taps("Start")
    return sam


async def at_words(house, door="telegram"):
    sam = await begun(house, door)
    await sam.taps("Not very safe")
    return sam


async def texts(house):
    found = await house.run(
        lambda db: db.run(select(answers.c.question).where(~answers.c.skipped)).scalars().all()
    )
    return sorted(found)


@pytest.mark.parametrize("door", ["telegram", "web"])
@pytest.mark.parametrize("text", ["Skip", "skip", "SKIP!", "Pomiń", "pomin", "تخطي السؤال"])
async def test_skip_skips_whatever_the_question(house, door, text):
    sam = await begun(house, door)
    await sam.types(text)
    assert "2 of" in sam.sees
    await sam.types(text)
    assert "3 of" in sam.sees
    assert await texts(house) == []


@pytest.mark.parametrize("text", ["Back", "back.", "Wróć", "رجوع"])
async def test_back_goes_back_from_a_choice(house, text):
    sam = await at_words(house)
    await sam.types("more lights")
    assert "3 of" in sam.sees
    await sam.types(text)
    assert "2 of" in sam.sees


@pytest.mark.parametrize("door", ["telegram", "web"])
async def test_at_words_a_word_that_could_be_the_answer_is_asked_about_once(house, door):
    sam = await at_words(house, door)
    says = await sam.types("Back")
    assert "Do you mean the button “Back”?" in says[0].text
    assert "2 of" in sam.sees
    assert await texts(house) == ["safe"]
    await sam.types("Back")
    assert "3 of" in sam.sees
    assert await texts(house) == ["better", "safe"]


async def test_after_the_ask_the_button_works_and_other_words_are_the_answer(house):
    sam = await at_words(house)
    await sam.types("back")
    await sam.taps("Back")
    assert "1 of" in sam.sees
    await sam.taps("Keep it")
    await sam.types("back")
    await sam.types("more lights")
    assert "3 of" in sam.sees


async def test_the_ask_holds_for_one_visit(house):
    sam = await at_words(house)
    await sam.types("back")
    await sam.types("/home")
    await sam.types("/say 1")
    await sam.taps("Go on")
    says = await sam.types("back")
    assert "Do you mean the button" in says[0].text


async def test_an_own_answer_kept_and_deleted_in_words(house):
    sam = await at_words(house)
    await sam.types("more lights")
    await sam.types("back")
    await sam.types("delete my answer")
    assert await texts(house) == ["safe"]


async def test_a_choices_own_label_is_that_choice(house):
    sam = await begun(house)
    await sam.types("not very safe")
    assert await texts(house) == ["safe"]


async def test_the_stop_of_a_question_in_words_that_stop_nothing_else_pauses(house):
    sam = await begun(house)
    await sam.types("Przerwij")
    assert "You can have your say on" in sam.sees


@pytest.mark.parametrize("language", list(SAID))
async def test_in_each_language_its_own_words_do(house, language):
    sam = house.person()
    await house.run(offer_sample)
    await sam.types("/start")
    await sam.taps(language)
    for key in ("normal", "ok", "16-17", "yes"):
        await tap_key(sam, key)
    await sam.types("/say")
    await tap_key(sam, "start")
    skip, back = SAID[language]
    first = sam.sees
    await sam.types(skip)
    assert sam.sees != first
    await sam.types(back)
    await sam.types("1")
    assert await texts(house) in ([], ["better"])


async def tap_key(sam, key):
    for row in sam.heard[-1].rows:
        for one in row:
            if getattr(one, "key", None) == key:
                await sam.taps(one.label)
                return


@pytest.mark.parametrize("text", ["settings", "Have your say", "raise something"])
async def test_a_menus_button_in_words_opens_it(house, text):
    sam = house.person()
    await sam.joins()
    await sam.types("/home")
    before = sam.sees
    await sam.types(text)
    assert sam.sees != before
    assert "I don't take words here" not in sam.sees


async def test_yes_and_no_in_full_are_the_buttons(house):
    sam = house.person()
    await sam.joins()
    await sam.types("/delete")
    await sam.types("No, keep it")
    assert "Nothing was deleted." in [say.text for say in sam.heard]


async def test_a_label_from_an_old_page_presses_nothing(house):
    from conversations.core.events import Said

    sam = await at_words(house, "web")
    visit = sam.heard[-1].visit
    says = await sam.does(Said("Skip", visit - 1))
    assert "That question is over" in says[0].text
