"""A whole year with Heard, from the question to the kept promise. What is said in it is `docs/a-year.md`.

`--rewrite-scripts` rewrites that page.
"""

from pathlib import Path

import pytest

import bot.courier.courier
import bot.courier.delivery
from handlers.files.workbook import parse_in_subprocess
from handlers.transport import Blocked, FateUnknown
from tests.house import House
from tests.walks.year import Year

DOCS = Path(__file__).parents[2] / "docs"
JOINS = ("/start", "[English]", "[Normal]", "[OK]", "[16–17]", "[Yes, keep it]")
ANSWERS = ("/say", "[Start]", "[Not safe 😟]")
ON = ("[Lights at the stop]", "[Done]", "[2]", "[Fridays]", "[Done]")
SAID = {
    "Ana": "more lights at the stop",
    "Ben": "it is dark and the bus is late",
    "Cleo": "somebody I know could be there",
    "Dan": "a shelter",
    "Eve": "the 16 should run later",
}


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year has more than three hundred noons, and the courier runs at each."""
    monkeypatch.setattr(bot.courier.courier, "EVERY", 0.02)
    monkeypatch.setattr(bot.courier.courier, "PAUSE", 0.005)
    monkeypatch.setattr(bot.courier.delivery, "CHAT_APART", 0.0)


@pytest.mark.left_to_all("long walks")
async def test_a_whole_year(house: House, request: pytest.FixtureRequest) -> None:
    year = Year(house)
    await they_come(year)
    await asked(year)
    await closed_and_late(year)
    await answered(year)
    await told_and_judged(year)
    await looked_at_again(year)
    await kept(year)
    page, written = DOCS / "a-year.md", "\n".join(year.lines)
    if request.config.getoption("--rewrite-scripts"):
        page.write_text(written)
    assert page.read_text() == written


async def they_come(year: Year) -> None:
    for name, address, role in (
        ("Olu", "1", "owner"), ("Wanda", "2", "worker"), ("Dee", "3", "decider"), ("Asha", "4", "decider"),
    ):  # fmt: skip
        await year.joins_the_team(name, address, role)
    await year.plays("Olu", "/team", "[How we work]", "[Ask for a second yes]", quietly=True)
    for address, name in enumerate(SAID, 71):
        year.comes(name, *(("a page", "web") if name == "Ben" else (str(address), "telegram")))
    year.tells(
        "# A year with Heard",
        "Everything here was said by Heard, or typed and tapped by somebody who plays: a test writes this page, with a"
        " clock that it moves. *>* is what a person does, *<* is what Heard says.",
        "Wanda works in the council's participation team. Dee decides, and so does Asha, her colleague: their team asks"
        " for a second person's yes. Olu owns this Heard. Ana, Cleo, Dan and Eve are on Telegram, Ben on the web page.",
    )
    year.titles("somebody comes")
    await year.plays("Ana", *JOINS)
    for name in ("Ben", "Cleo", "Dan", "Eve"):
        await year.plays(name, *JOINS, quietly=True)


async def asked(year: Year) -> None:
    year.titles("they are asked")
    workbook = await parse_in_subprocess((DOCS / "samples/buses-after-school.xlsx").read_bytes())
    await year.plays("Wanda", "/consult", quietly=True)
    await year.sends("Wanda", workbook)
    dates = ("[Answer by…]", "20 December", "[Open until…]", "12 December", "[Send now]")
    await year.plays("Wanda", *dates, last=True)
    await year.plays("Wanda", "[Yes, send it]")
    await year.settles()
    for name, words in SAID.items():
        await year.plays(name, *ANSWERS, words, *ON, quietly=name != "Ana")
    year.tells("Ben, Cleo, Dan and Eve answer too. A week later Cleo changes her mind about all of it.")
    await year.on("2026-12-08 17:00")
    year.titles("Cleo leaves")
    await year.plays("Cleo", "/delete", "[Yes, delete it]")


async def closed_and_late(year: Year) -> None:
    year.tells("On the twelfth it closes by itself. Those who took part hear so.")
    await year.on("2026-12-22 10:00")
    year.titles("the promise has slipped")
    await year.plays("Dee", "/promises", "[1]", "[Move the day]")
    await year.plays("Dee", "20 January", "the bus company answers us in January")
    await year.plays("Dee", "[Yes, like this]")
    await year.settles()


async def answered(year: Year) -> None:
    await year.on("2027-01-12 10:00")
    year.titles("the answer is written")
    await year.plays("Dee", "/outcome", "[1]", "[Begin]")
    await year.plays("Dee", "waiting at the stop is too dark", "[2]", "it's the dark, not the bus")
    await year.plays("Dee", "[We will do it]", "put two lamps at the stop", "Highways", "31 March", last=True)

    await year.plays(
        "Dee", "[Add another part]", "the last bus goes too early on Fridays", "[5]", "clubs end after it", "[We did it]",
        "run the 16 until eleven on Fridays", last=True,
    )  # fmt: skip
    await year.plays(
        "Dee", "[Add another part]", "it is hard to get home after a club", "[4]", "one bus is not enough",
        "[We are doing it]", "try a second bus until Easter", "the bus company", "16 April", last=True,
    )  # fmt: skip
    await year.plays(
        "Dee", "[Add another part]", "staff on the bus would help", "[3]", "you want somebody to turn to", "[We can't]",
        "put staff on every bus", "one person on each bus costs more than the whole service", last=True,
    )  # fmt: skip
    await year.plays("Dee", "[That's all]", "[Use this]")
    await year.plays("Dee", "[Ask a colleague]", "[Choose a time]", "14 January 16:30")
    await year.settles()
    await year.plays("Asha", "[Read it]", last=True)
    await year.plays("Asha", "[Yes, send it]")
    await year.settles()


async def told_and_judged(year: Year) -> None:
    year.tells("Before it leaves, Dan blocks the bot; and as it goes to Eve, the line is cut.")
    year.post.faults["74"].append(Blocked())
    year.post.lost["75"].append(FateUnknown())
    await year.on("2027-01-14 16:30")
    year.titles("what they make of it")
    await year.plays("Dee", "/sent", "[1]")
    await year.plays("Ana", "[Not really]", "[Say more]", "two lamps are not enough, the path is dark too")
    await year.plays("Ben", "[You got it right]")
    await year.plays("Dee", "/results", "[1]", "[What they say now]")


async def looked_at_again(year: Year) -> None:
    await year.on("2027-03-01 10:00")
    year.titles("what was done is looked at again")
    await year.plays("Dee", "[Yes]")
    await year.on("2027-04-01 10:00")
    year.titles("the day of the lamps")
    await year.plays("Dee", "[Yes]")
    await year.on("2027-04-17 10:00")
    await year.plays("Dee", "[Partly]", quietly=True)
    year.tells("In April Dee says that the second bus runs only partly.")
    await year.on("2027-05-15 10:00")
    year.titles("has it really happened?")
    await year.plays("Ana", "[No]", "[Say more]", "one lamp stands there, and it is broken")
    await year.plays("Ben", "[Partly]", quietly=True)
    await year.plays("Eve", "[No]", quietly=True)
    year.tells("Ben says *partly*, Eve says *no*. They have four weeks; then both sides stand on the page.")
    await year.on("2027-06-12 10:00")
    year.titles("both sides")
    await year.plays("Ana", "/changed", "[1]")
    await year.plays("Dee", "/happened")
    await year.on("2027-07-01 10:00")
    year.titles("the second bus can't be after all")
    await year.plays("Dee", "/promises", "[2]")
    await year.plays("Dee", "[We can't…]", "four people a week rode it, and it cost as much as the lamps")
    await year.plays("Dee", "[Yes, like this]")
    await year.settles()


async def kept(year: Year) -> None:
    await year.on("2027-07-22 10:00")
    year.titles("the lamps again")
    await year.plays("Dee", "[Yes]", "[Add a line]", "both lamps are mended since 5 July")
    await year.on("2027-09-05 10:00")
    year.titles("and those who took part")
    await year.plays("Ana", "[Yes]")
    await year.plays("Ben", "[Yes]", quietly=True)
    await year.plays("Eve", "[Yes]", quietly=True)
    year.tells("Ben and Eve say *yes* too.")
    await year.on("2027-12-01 16:00")
    year.titles("a year later")
    year.comes("Finn", "76")
    await year.plays("Finn", *JOINS, quietly=True)
    await year.plays("Finn", "/changed", "[1]")
