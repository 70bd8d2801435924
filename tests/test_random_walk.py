"""People do anything, in any order, on either channel: they always get a reply and a way on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import chain, count
from pathlib import Path

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.cli.play import open_now
from conversations.consultations.sample import BUSES
from conversations.consultations.workbook import Problem, Workbook
from conversations.core.events import Asked, Chose, Edited, Event, SafePicture, Said, Sent
from conversations.core.messages import Choice, Say
from conversations.core.pagination import LABEL_MOST
from conversations.core.record import replace
from conversations.news.effects import BeginNews, WriteNews
from handlers.telegram import render
from storage.followup import schedule as revisit_schedule
from storage.news import news
from storage.people import people
from storage.tables import broadcasts, outcomes, revisits, taking_part
from storage.tables import people as people_table
from tests.house import Clock, House, Someone, make_house, new_sqlite
from tests.raised import member, raised, somebody, told, with_areas
from tests.sample_forms import KINDS, publish

MENU_LABEL_MOST = 40  # a menu's words may be a little longer than an answer's
CALLBACK_MOST, TEXT_MOST, BUTTONS_MOST = 64, 4096, 100

WORDS = [
    "1",
    "3",
    "1, 3",
    "0",
    "-7",
    "١٢",
    "Fridays",
    "more lights",
    "<b>&amp;",
    "\u202eabc",
    "16:00",
    "y" * 5000,
]
WORDS += [
    "72 % + 24 % + 5 %",
    "20 December",
    "tomorrow 16:00",
    "i want to die",
    "",
    " ",
    "\n\n",
    "stop",
    "ok",
    "5" * 40,
    "👩‍👩‍👧",
]
KEYS = [
    "yes",
    "no",
    "done",
    "skip",
    "back",
    "keep",
    "go",
    "0",
    "99",
    "-1",
    "page:7",
    "page:",
    "/nonsense",
    "/say 9",
    "",
]
SHORT = replace(KINDS, code="short", questions=KINDS.questions[4:6])
BOOKS = [
    Workbook(KINDS),
    Workbook(BUSES),
    Workbook(None, (Problem("survey", 2, "type", "I can't read this."),)),
]
PICTURES = [SafePicture(b"\xff\xd8 a picture"), SafePicture(problem="I can't read this.")]
COMMANDS = [
    "start",
    "say",
    "home",
    "ways",
    "changed",
    "settings",
    "mydata",
    "quote",
    "right",
    "revisit",
    "happened",
    "delete",
    "stop",
    "privacy",
    "rights",
]
COMMANDS += [
    "help",
    "staff",
    "consult",
    "outcome",
    "promises",
    "results",
    "inbox",
    "news",
    "team",
    "cases",
    "sent",
    "report",
    "raise",
    "what",
]

places = st.integers(0, 30)
words = st.sampled_from(WORDS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
commands = st.tuples(
    st.sampled_from(COMMANDS),
    st.sampled_from(
        ["", "1", "1 yes", "1 more", "1 pulse", "time", "read 1", "issue 1", "part 1", "all", "x", "i_x"]
    ),
)
# Mostly moves that lead further, or no walk would reach the last steps.
onward = st.one_of(
    st.tuples(st.just("tap"), places),
    *[st.tuples(st.just("answer"), places)] * 4,
    st.tuples(st.just("type"), words),
)
astray = st.one_of(
    st.tuples(st.just("old"), places),
    st.tuples(st.just("key"), st.sampled_from(KEYS)),
    st.tuples(st.just("ask"), commands),
    st.tuples(st.just("edit"), words),
    st.tuples(st.just("send"), st.sampled_from(["voice", "photo", "sticker", "file"])),
    st.tuples(st.just("book"), st.integers(0, len(BOOKS) - 1)),
    st.tuples(st.just("picture"), st.integers(0, len(PICTURES) - 1)),
    st.tuples(st.just("later"), st.integers(1, 100)),
)
moves = st.integers(0, 5).flatmap(lambda n: astray if n == 0 else onward)
paths = st.lists(moves, min_size=8, max_size=30)
YOUNG = [
    "/say 1",
    "/say 1",
    "/say 2",
    "/say 2",
    "/say all",
    "/raise",
    "/raise new",
    "/raise 4",
    "/changed 1",
    "/mydata",
    "/right 1 pulse",
    "/revisit",
    "/settings",
    "/ways",
    "/delete",
]
TEAM = [
    "/consult",
    "/consult 3",
    "/consult 5",
    "/outcome",
    "/outcome 3",
    "/promises",
    "/promises 1",
    "/promises part 1",
    "/inbox",
    "/inbox 1",
    "/inbox 2",
    "/news",
    "/news 2",
    "/results",
    "/results time",
    "/happened",
    "/happened 1",
    "/team",
    "/cases",
    "/sent",
    "/home",
]
doors = st.sampled_from(["telegram", "web"])
walks = settings(
    max_examples=settings.default.max_examples // 4,  # a walk is long
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def event_of(kind: str, what, person: Someone) -> Event:
    """The event of a move, at the person's current step."""
    newest = person.heard[-1] if person.heard else Say("")
    match kind:
        case "answer" if newest.expects != "nothing":
            return Said(WORDS[what % len(WORDS)])
        case "tap" | "old" | "answer":
            shown = person.heard if kind == "old" else [newest]
            pressed = [
                (say.visit, b.key) for say in shown for b in choices(say) if kind != "answer" or not b.aside
            ]
            return Chose(*pressed[what % len(pressed)]) if pressed else Said("hello")
        case "key":
            return Chose(newest.visit, what)
        case "type":
            return Said(what)
        case "ask":
            return Asked(*what)
        case "edit":
            return Edited(what, "1")
        case "book":
            return Sent("file", file=BOOKS[what])
        case "picture":
            return Sent("photo", file=PICTURES[what])
    return Sent(what, "a caption")


def choices(say: Say) -> list[Choice]:
    return [button for button in chain.from_iterable(say.rows) if isinstance(button, Choice)]


def check(says: list[Say]) -> None:
    """Checks the invariants of every turn."""
    assert says, "silence"
    assert choices(says[-1]) or says[-1].expects != "nothing", f"a dead end: {says[-1]}"
    for say in says:
        assert say.text.strip() or say.heading or say.attachment, f"nothing said: {say}"
        assert len(f"{say.heading}\n{say.text}".encode("utf-16-le")) // 2 < TEXT_MOST
        buttons = choices(say)
        assert len(buttons) <= BUTTONS_MOST
        answers = [button.key for button in buttons if not button.key.startswith("/")]
        assert len(set(answers)) == len(answers), f"two buttons of one key: {say}"
        for button in buttons:
            most = LABEL_MOST if say.progress and not button.aside else MENU_LABEL_MOST
            assert 0 < len(regex.findall(r"\X", button.label)) <= most, f"a long label: {button}"
            assert len(f"{say.visit}:{button.key}".encode()) <= CALLBACK_MOST, f"a long key: {button}"
        assert len(render.messages(say)) == 1


async def walk(person: Someone, steps) -> None:
    with capture_logs() as logs:
        for kind, what in steps:
            person.house.clock.on(**({"hours": what} if kind == "later" else {"seconds": 1}))
            if kind != "later":
                check(await person.does(event_of(kind, what, person)))
            assert not [log for log in logs if log["event"] == "turn failed"], (kind, what, logs)


def fill(db) -> None:
    """Four open consultations, one of which closes soon, one that promises a day, a draft, a closed one, two outcomes,
    and something held; areas, three things that were raised, and good news that is out and that is not.
    """
    open_now(db, BUSES, reply_by=date(2026, 12, 3))
    open_now(db, KINDS)
    open_now(db, SHORT)
    open_now(db, replace(KINDS, code="soon"), closes_at=db.now + timedelta(days=2))
    open_now(db, replace(KINDS, code="draft"), state="draft")
    closed = open_now(db, replace(KINDS, code="closed"), state="closed")
    publish(db, closed, 1)
    revisit_schedule.begin(db, 1)
    db.run(update(revisits).values(state="people", asked_at=db.now, due=db.now + timedelta(days=28)))
    publish(db, 3, 2, state="draft")
    held = {"kind": "consultation", "about": 1, "due": db.now, "held_at": db.now}
    db.run(broadcasts.insert().values(**held))
    with_areas(db)
    for n, words in enumerate(("the stop is dark", "y" * 2000, "no tap in the park")):
        raised(db, somebody(db, f"raiser{n}"), words, theme=("safe", "else", "healthy")[n])
    told(db, pl=("Park", "Otwarty."))
    news.begin(db, member(db), BeginNews("A title", "en"))
    news.write(db, member(db), WriteNews(2, "text", "en", "A text."))


def take_part(db) -> None:
    """Makes everybody a contributor to the first outcome."""
    about = db.run(select(outcomes.c.consultation_id).where(outcomes.c.id == 1)).scalar_one()
    part = {"consultation_id": about, "started_at": db.now}
    db.run(
        taking_part.insert(),
        [{"person_id": one, **part} for one in db.run(select(people_table.c.id)).scalars()],
    )


class Full:
    """A house with something of everything in it; each walk begins in a copy."""

    def __init__(self, house: House, path: Path) -> None:
        self.house, self.database, self.folder, self.copies = house, path.read_bytes(), path.parent, count()

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[House]:
        path = self.folder / f"copy{next(self.copies)}.db"
        database, clock = new_sqlite(path, self.database), Clock()
        try:
            yield House(replace(self.house.runtime, database=database, clock=clock), clock)
        finally:
            await database.close()
            path.unlink()


@pytest.fixture
async def full(tmp_path: Path, empty_database: bytes) -> Full:
    path = tmp_path / "full.db"
    house = make_house(new_sqlite(path, empty_database))
    await house.run(fill)
    await house.runtime.database.close()
    return Full(house, path)


@walks
@given(steps=paths, door=doors)
async def test_a_stranger_never_meets_silence_or_a_dead_end(full, steps, door):
    async with full.copy() as house:
        await walk(house.person(door=door), steps)


@walks
@example(
    steps=[("tap", n) for n in (1, 4, 1, 0)] + [("type", "i want to die"), ("tap", 0), ("tap", 1)],
    door="telegram",
    language="pl",
    start="/revisit",
)
@given(steps=paths, door=doors, language=st.sampled_from(["en", "pl", "ar"]), start=st.sampled_from(YOUNG))
async def test_a_young_person_never_meets_silence_or_a_dead_end(full, steps, door, language, start):
    async with full.copy() as house:
        person = house.person(door=door)
        await person.types("/start")
        for key in (language, "normal", "ok", "16-17", "yes"):
            if any(button.key == key for button in choices(person.heard[-1])):
                await person.does(Chose(person.heard[-1].visit, key))
        await house.run(take_part)
        await house.run(
            lambda db: raised(db, people.door_at(db, person.channel, person.address), "a thing of mine")
        )
        await person.types(start)
        await walk(person, steps)


@walks
@given(
    steps=paths,
    door=doors,
    role=st.sampled_from(["owner", "owner", "worker", "decider", "safeguarding"]),
    start=st.sampled_from(TEAM),
)
async def test_one_of_the_team_never_meets_silence_or_a_dead_end(full, steps, door, role, start):
    async with full.copy() as house:
        await somebody_answers(house.person("another"))
        member = await house.staff(role, door=door)
        await member.types(start)
        await walk(member, steps)


async def somebody_answers(person: Someone) -> None:
    """Gives the team something to see: an answer, and a sign of danger."""
    await person.joins()
    await person.types("/say 1")
    for label in ("Start", "Safe"):
        await person.taps(label)
    await person.types("i want to die")
