"""The buttons that reach a helpline, wherever Heard names one: on a chat they open our page, on a page they call."""

import pytest

from conversations.core.messages import Link
from tests.house import House, make_house

PUBLIC = "https://heard.sampleshire.example"


def opens(say):
    return [one.address for row in say.rows for one in row if isinstance(one, Link)]


@pytest.fixture
def public(sqlite) -> House:
    """A house whose page any phone can open."""
    return make_house(sqlite, public_url=PUBLIC)


def by_page(language="en", version="normal"):
    page = f"{PUBLIC}/help?lang={language}&version={version}"
    return [f"{page}#tel-999", f"{page}#tel-08001111", f"{page}#sms-85258"]


async def test_after_a_sign_they_stand_above_the_other_choices(public: House):
    sam = public.person()
    await sam.joins()
    await public.staff("safeguarding")
    await sam.types("i want to kill myself")
    assert opens(sam.heard[-1])[:3] == by_page()
    labels = [one.label for row in sam.heard[-1].rows for one in row]
    assert labels[:3] == ["Call 999", "Call Childline", "Text SHOUT"]
    assert labels[-3:] == ["Talk to them", "I'm OK, go on", "Stop here"]
    await sam.taps("Talk to them")
    assert opens(sam.heard[-1])[:3] == by_page()


async def hammers(sam):
    """Types until Heard says that it is too fast."""
    said = await sam.types("hello")
    while "at once" not in said[0].text:
        said = await sam.types("hello")
    return said


@pytest.mark.parametrize("moment", ["help", "rights", "voice", "too fast", "unread"])
async def test_they_stand_wherever_the_helplines_are_named(public: House, moment: str):
    sam = public.person()
    await sam.joins()
    says = {
        "help": lambda: sam.types("/help"),
        "rights": lambda: sam.types("/rights"),
        "voice": lambda: sam.sends("voice"),
        "too fast": lambda: hammers(sam),
        "unread": lambda: sam.types("Ό,τι θέλω είναι περισσότερα φώτα στη στάση"),
    }
    said = await says[moment]()
    shown = next(say for say in said if "999" in say.text)
    assert opens(shown)[:3] == by_page()
    assert all(number in shown.text for number in ("999", "0800 1111", "85258"))


async def test_in_somebodys_language_they_open_the_page_in_it(public: House):
    sam = public.person()
    await sam.types("/start")
    await sam.taps("العربية")
    said = await sam.types("/help")
    assert opens(said[0])[:3] == by_page("ar")


async def test_without_a_public_page_the_numbers_stand_in_the_text_alone(house: House):
    sam = house.person()
    await sam.joins()
    await sam.types("i want to kill myself")
    assert opens(sam.heard[-1]) == []
    assert "0800 1111" in sam.heard[-1].text


async def test_on_the_page_they_call(house: House):
    sam = house.person("page-1", "web")
    await sam.joins()
    await sam.types("i want to kill myself")
    assert opens(sam.heard[-1])[:3] == ["tel:999", "tel:08001111", "sms:85258?&body=SHOUT"]
