"""Encryption at rest: no database file holds a readable piece of what people wrote or who they are."""

import asyncio
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, make_url, select, text, update

from conversations.core.channels import TELEGRAM
from conversations.core.events import Edited, Sent
from conversations.followup.effects import (
    AddToOutcome,
    AddToRevisit,
    AnswerRevisit,
    JudgeOutcome,
    NoteHappened,
)
from conversations.issues.effects import AnswerIssue
from conversations.outcomes.effects import (
    AskColleague,
    DeclineOutcome,
    DescribePicture,
    SetPicture,
    SetQuote,
)
from conversations.promises.effects import ChangeStatus, MovePromise
from conversations.promises.promise import PromiseRef
from conversations.results.effects import AnswerQuote, AskToQuote
from conversations.team.effects import AddPasskey, LinkSignIn, SetTeamName
from storage.core import sqlite_writer
from storage.core.database import Sqlite
from storage.followup import responses as revisit_responses
from storage.followup import schedule as revisit_schedule
from storage.followup import verdicts
from storage.issues import inbox
from storage.people import people
from storage.safeguarding import case_entries
from storage.tables import (
    answers,
    cases,
    doors,
    issue_entries,
    issues,
    outbox,
    outcomes,
    parts,
    revisits,
    roles,
)
from storage.team import challenges, passkeys, sign_in_links
from storage.team import members as team
from tests.crowd import add_crowd, open_hub
from tests.house import make_house, new_sqlite
from tests.lookout import SOFT_WORD
from tests.raised import member
from tests.storage.deciding import A_DID, A_WILL, about, decided, does, publish, written
from tests.waiting import until

CHAT, PAGE, LEAD = "700555777001", "page-address-0f1e2d3c4b5a", "700555777002"

# Each of these is typed once; none of its words occurs in Heard itself.
TYPED = {
    "before the language": "zebrafish before language",
    "before agreeing": "quokka before agreeing",
    "as a start payload": "j_wombatpayload",
    "an answer": "marmoset lamps at the stop",
    "an answer, changed": "narwhal benches instead",
    "an edited message": "axolotl edited afterwards",
    "at home": "pangolin at home",
    "a soft sign": f"{SOFT_WORD} aardwolf at home",
    "a caption": "capybara under a photo",
    "a command that is none": "okapicommand",
    "its argument": "lemur argument",
    "added to an answer": "kinkajou added to an answer",
    "added to a promise": "coelacanth added to a promise",
    "something raised": "ocelot something of my own",
    "more about it": "numbat and more about it",
    "something not sent": "binturong and never sent",
    "an answer of the team": "tapir an answer of the team",
    "a sign of danger": "i want to kill myself tonight aardvark",
    "to whoever helps": "tamarin to whoever helps",
    "a name in the team": "Gibbonella of the team",
}

# And these by the team, about an outcome.
WRITTEN = {
    "a text that waits for a yes": "Zenkerella rings 07700 900123",
    "a line of the team": "Zyzomys a line of the team",
    "why a day was moved": "kinkajou, the committee meets in January",
    "why it can't be after all": "quetzal, the library was sold",
    "a part": "flamingo windows in the hall",
    "who decided": "the pelican committee",
    "a picture's words": "ibex beside a door",
    "what the team calls her": "gibbon of the hall",
    "a note on a case": "jerboa a note on a case",
    "why not yet": "ocelot figures are missing",
    "the name of a passkey": "civet of the office",
    "who she is to the council": "dugong-4711",
    "a sign-in that has begun": "lynx and its nonce",
}


async def walked(house, door, address):
    """One person writes wherever they can; returns all one-time values that they were shown."""
    someone = house.person(address, door)
    await someone.types(TYPED["before the language"])
    await someone.types(f"/start {TYPED['as a start payload']}")
    await someone.taps("English")
    await someone.types(TYPED["before agreeing"])
    await someone.joins()
    await someone.types("/say")
    await someone.taps("Start")
    await someone.taps("Yes")
    await someone.types(TYPED["an answer"])
    await someone.taps("Change an answer")
    await someone.taps("2")
    await someone.types(TYPED["an answer, changed"])
    await someone.does(Edited(TYPED["an edited message"], "1"))
    await someone.taps("Done")
    await someone.types(TYPED["at home"])
    await someone.types(TYPED["a soft sign"])
    await someone.does(Sent("photo", TYPED["a caption"]))
    await someone.types(f"/{TYPED['a command that is none']} {TYPED['its argument']}")
    await someone.types("/raise")
    await someone.taps("2")
    await someone.types(TYPED["something raised"])
    await someone.taps("Send it")
    await someone.taps("What I raised")
    await someone.taps("1")
    await someone.taps("Add something")
    await someone.types(TYPED["more about it"])
    await someone.types("/raise new")
    await someone.types(TYPED["something not sent"])
    await someone.types(TYPED["a sign of danger"])
    return re.findall(
        r"\b[A-Z0-9]{4}-[A-Z0-9]{4}(?:-[A-Z0-9]{4})*\b", "\n".join(say.whole for say in someone.heard)
    )


async def everything_happens(house):
    """Returns everything that must not be readable: what was typed, who typed it, and one-time values."""
    number = await house.run(open_hub)
    token = await house.run(lambda db: team.invite(db, "safeguarding"))
    lead = house.person(LEAD)
    await lead.accepts(token)
    await lead.types(TYPED["a name in the team"])
    codes = [
        code for door, at in (("telegram", CHAT), ("web", PAGE)) for code in await walked(house, door, at)
    ]
    assert codes, "the page gives a return code"
    await house.run(answer_all)
    await an_outcome(house, number)
    await house.run(what_comes_after)
    await house.run(what_a_case_holds)
    await a_headline_that_is_asked_about(house)
    await house.run(how_a_member_signs_in)
    return {*TYPED.values(), *WRITTEN.values(), CHAT, PAGE, LEAD, token, *codes}


async def a_headline_that_is_asked_about(house):
    worker = await house.staff("worker", "800777")
    await worker.types("/news")
    await worker.taps("Write good news")
    await worker.types(WRITTEN["a text that waits for a yes"])


async def an_outcome(house, number):
    """An unpublished outcome with a quote, declined by a second decider."""

    def deciders(db):
        ids = add_crowd(db, 2)
        db.run(
            roles.insert(),
            [{"person_id": one, "role": "decider", "at": db.now - timedelta(days=30)} for one in ids],
        )
        readers = {"person_id": ids[0], "role": "worker", "at": db.now}
        db.run(roles.insert().values(readers))
        return *ids, people.door_at(db, TELEGRAM, CHAT).person.id

    ann, ben, sqlite_writer = await house.run(deciders)
    fields = {**A_DID, "what": WRITTEN["a part"]}
    await does(house, *written(number, **fields), decided(number, WRITTEN["who decided"]), person=ann)
    picture = (
        SetPicture(about(number), b"a picture"),
        DescribePicture(about(number), WRITTEN["a picture's words"]),
    )
    await does(house, SetTeamName(WRITTEN["what the team calls her"]), person=ann)
    await does(house, *picture, AskToQuote(number, "why", sqlite_writer), person=ann)
    await does(house, AnswerQuote(1, yes=True), person=sqlite_writer)
    await does(house, SetQuote(about(number), 0, 1), AskColleague(about(number)), person=ann)
    await does(house, DeclineOutcome(about(number), WRITTEN["why not yet"]), person=ben)
    of, was, day = PromiseRef("consultation", number), date(2026, 12, 20), date(2027, 1, 20)
    await does(house, MovePromise(of, was, day, WRITTEN["why a day was moved"]), person=ann)
    await a_part_that_cannot_be(house, ann)


async def a_part_that_cannot_be(house, decider):
    """A *can't* in the published outcome of another consultation."""
    number = await house.run(lambda db: open_hub(db, code="second"))
    await does(house, *written(number, **A_WILL), decided(number), publish(number), person=decider)
    newest = select(parts.c.id).order_by(parts.c.id.desc()).limit(1)
    part = await house.run(lambda db: db.run(newest).scalar_one())
    cannot = ChangeStatus(part, "will", "cant", WRITTEN["why it can't be after all"])
    await does(house, cannot, person=decider)


def what_comes_after(db):
    """The outcome is out: the team and one who took part say how it stands, and add something."""
    db.run(update(outcomes).values(state="published", published_at=db.now))
    revisit_schedule.begin(db, 1)
    first = select(revisits.c.id).join(parts, parts.c.id == revisits.c.part_id)
    one = db.run(first.where(parts.c.outcome_id == 1)).scalar()
    db.run(update(revisits).values(state="people", asked_at=db.now))
    sqlite_writer = people.door_at(db, TELEGRAM, CHAT)
    verdicts.judge(db, sqlite_writer, JudgeOutcome(1, right=False))
    verdicts.add(db, sqlite_writer, AddToOutcome(1, TYPED["added to an answer"]))
    revisit_responses.answer(db, sqlite_writer, AnswerRevisit(one, "no"))
    revisit_responses.add(db, sqlite_writer, AddToRevisit(one, TYPED["added to a promise"]))
    revisit_responses.note(db, member(db), NoteHappened(one, WRITTEN["a line of the team"]))


def what_a_case_holds(db):
    for case in db.run(select(cases.c.id)).scalars().all():
        case_entries.add(db, case, "answer", TYPED["to whoever helps"])
        case_entries.add(db, case, "note", WRITTEN["a note on a case"], member(db).person.id)


def how_a_member_signs_in(db):
    door = member(db)
    name, subject = WRITTEN["the name of a passkey"], WRITTEN["who she is to the council"]
    passkeys.add(db, door, AddPasskey(b"credential", b"key", 0, "localhost", name))
    sign_in_links.link(db, door, LinkSignIn("https://login.example", subject))
    challenges.begin(db, "council", kept=WRITTEN["a sign-in that has begun"])


def answer_all(db):
    numbers = db.run(select(issues.c.id).where(issues.c.state == "open")).scalars().all()
    assert len(numbers) == 2
    for number in numbers:
        inbox.answer(db, member(db), AnswerIssue(number, TYPED["an answer of the team"]))


def files(database):
    """The database file, its WAL and the WAL's index."""
    path = make_url(database._url).database
    folder = Path(path).parent
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.startswith("heard.db")}


def readable(content, secrets):
    """Those that are readable in it, in either case, as UTF-8 or UTF-16."""
    lowered = content.lower()
    forms = {secret: (secret.lower().encode(), secret.lower().encode("utf-16-le")) for secret in secrets}
    return sorted(secret for secret, written in forms.items() if any(form in lowered for form in written))


async def test_no_file_holds_what_anybody_wrote_or_who_they_are(house):
    secrets = await everything_happens(house)
    found = files(house.runtime.database)
    assert {"heard.db", "heard.db-wal"} <= found.keys()
    for name, content in found.items():
        assert readable(content, secrets) == [], name
    for words in ("zebrafish", "quokka", "marmoset", "narwhal", "aardvark", "ocelot", "numbat", "tapir"):
        assert words.encode() not in b"".join(found.values())


async def test_the_search_finds_a_known_text(house):
    """The sealed texts exist, and a public text is found: the search works."""
    await everything_happens(house)
    content = b"".join(files(house.runtime.database).values())
    assert readable(content, {"The new youth hub"}) == ["The new youth hub"]


async def test_no_row_holds_it_on_either_database(any_house):
    secrets = await everything_happens(any_house)

    def rows(connection):
        tables = inspect(connection).get_table_names()
        found = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables]
        return repr(found).encode() + b"".join(
            value for table in found for row in table for value in row if isinstance(value, bytes)
        )

    assert readable(await any_house.run(lambda db: rows(db.connection)), secrets) == []


# --- after a deletion ---------------------------------------------------------------------------------


@pytest.fixture
async def quick(tmp_path, empty_database, monkeypatch):
    """A house whose WAL is emptied almost at once."""
    monkeypatch.setattr(sqlite_writer, "_QUIET_SECONDS", 0.05)
    database = new_sqlite(tmp_path / "heard.db", empty_database)
    yield make_house(database)
    await database.close()


def sealed_of(db):
    """All sealed and hashed values about a person, as bytes."""
    columns = (answers.c.sealed, doors.c.address, doors.c.address_hash, outbox.c.sealed, issues.c.sealed)
    columns += (issue_entries.c.sealed,)
    values = [db.run(select(column).where(column.is_not(None))).scalars().all() for column in columns]
    return {bytes(value) for found in values for value in found}


async def test_after_delete_not_even_the_sealed_words_are_left_in_any_file(quick):
    secrets = await everything_happens(quick)
    before = await quick.run(sealed_of)
    for door, address in (("telegram", CHAT), ("web", PAGE)):
        someone = quick.person(address, door)
        await someone.types("/delete")
        await someone.taps("Yes, delete it")
    still = await quick.run(sealed_of)
    gone = before - still
    assert len(gone) >= 14
    await until(lambda: not files(quick.runtime.database).get("heard.db-wal"))
    content = b"".join(files(quick.runtime.database).values())
    assert [value for value in gone if value in content] == []
    assert readable(content, secrets) == []


async def test_an_open_case_keeps_a_way_to_reach_them_and_only_that(quick):
    await everything_happens(quick)
    someone = quick.person(CHAT)
    await someone.types("/delete")
    await someone.taps("Yes, delete it")
    kept = await quick.run(lambda db: db.run(select(cases.c.person_id, cases.c.address)).all())
    assert [row.person_id for row in kept].count(None) == 1
    assert all(row.address for row in kept)
    assert readable(b"".join(row.address for row in kept), {CHAT, PAGE}) == []


async def test_while_somebody_reads_nothing_breaks_and_the_log_is_emptied_later(quick):
    database = quick.runtime.database
    assert isinstance(database, Sqlite)
    await quick.run(open_hub)
    await asyncio.gather(
        *(database.read(lambda c: c.execute(text("SELECT count(*) FROM people")).scalar()) for _ in range(50))
    )
    await until(lambda: not files(database).get("heard.db-wal"))
    assert await quick.run(lambda db: db.run(text("SELECT count(*) FROM consultations")).scalar()) == 1
