"""/changed: one's own outcomes first, then everybody's; on both databases."""

from bot.cli.play import open_now
from conversations.core.record import replace
from storage.changes import published
from tests.house import House
from tests.sample_forms import KINDS, publish, texts


async def outcomes(house: House, count: int) -> None:
    """This many consultations with outcomes, a day apart; the first is still open."""
    for n in range(1, count + 1):
        form = replace(KINDS, code=f"k{n}", title=texts(f"Title {n}"), questions=KINDS.questions[5:6])
        form = replace(
            form, themes=("safe",) if n % 2 else ("learning", "safe"), area="North End" if n == 2 else ""
        )
        state = "open" if n == 1 else "answered"
        await house.run(lambda db, f=form, s=state: open_now(db, f, state=s))
        await house.run(lambda db, n=n: publish(db, n, n))
        house.clock.on(days=1)


async def test_ones_own_come_first_and_then_the_newest(any_house):
    await outcomes(any_house, 3)
    person = any_house.person()
    await person.joins()
    await person.types("/say")
    await person.taps("Start")
    await person.taps("7")
    await person.types("/changed")
    lines = person.heard[-1].text.splitlines()
    assert lines[0].startswith("1. Title 1")
    assert "You took part" in lines[0]
    assert [line.partition(",")[0] for line in lines[1:]] == ["2. Title 3", "3. Title 2"]
    await person.taps("2")
    assert person.heard[-1].heading.startswith("Title 3")
    assert "You chose" not in person.sees


async def test_a_long_list_has_pages(any_house):
    await outcomes(any_house, 10)
    person = any_house.person()
    await person.joins()
    await person.types("/changed")
    assert len(person.heard[-1].text.splitlines()) == 8
    await person.taps("More")
    assert [line.partition(",")[0] for line in person.heard[-1].text.splitlines()] == [
        "9. Title 2",
        "10. Title 1",
    ]
    await person.types("10")
    assert person.heard[-1].heading.startswith("Title 1")


async def test_outcomes_are_found_by_theme_and_area_and_back_returns_to_the_list(any_house):
    await outcomes(any_house, 10)
    person = any_house.person()
    await person.joins()
    await person.types("/changed")
    await person.taps("By theme")
    assert person.heard[-1].text.splitlines() == ["· Learning: 5", "· Safe and secure: 10"]
    await person.taps("Safe and secure")
    assert person.heard[-1].heading == "What changed: Safe and secure"
    await person.taps("More")
    await person.taps("9")
    await person.taps("What else changed")
    assert person.heard[-1].text.startswith("9. Title 2")
    await person.taps("By area")
    await person.taps("1")
    assert person.heard[-1].heading == "What changed: North End"
    assert [line.partition(",")[0] for line in person.heard[-1].text.splitlines()] == ["1. Title 2"]
    await person.taps("Everything")
    assert len(person.heard[-1].text.splitlines()) == 8
    await person.types("10")
    assert "10. Title 1" in person.sees, "a number of another page turns to it"


async def test_a_draft_is_nobodys_to_read(any_house):
    await any_house.run(lambda db: open_now(db, KINDS))
    await any_house.run(lambda db: publish(db, 1, 1, state="draft"))
    person = any_house.person()
    await person.joins()
    await person.types("/changed")
    assert "Nothing yet" in person.sees
    await person.types("/changed 1")
    assert "isn't here" in person.sees
    assert await any_house.run(lambda db: published.published_by_id(db, [1])) == {}
