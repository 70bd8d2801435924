"""Correcting and taking back what was published: in every message, on every page, and never undone by a restore."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.cli.play import open_now
from conversations.consultations.effects import CloseConsultation
from conversations.core.channels import TELEGRAM
from conversations.core.record import replace
from conversations.corrections.effects import CorrectText, Withdraw
from conversations.outcomes.effects import PublishOutcome, SetDecider, WritePart
from conversations.outcomes.outcome import Subject
from conversations.promises.effects import ChangeStatus, MovePromise
from conversations.promises.promise import PromiseRef
from handlers import announcements
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.core.dispatch import dispatch
from storage.corrections import edits
from storage.outbox import broadcasts, dispatching, outbox, threads
from storage.outbox.dispatching import Settlement
from storage.outcomes import status
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import audit, consultations, outcomes, parts, revisits, status_changes
from storage.tables import outbox as outbox_table
from storage.tables import people as people_table
from tests.crowd import HUB, add_crowd, open_hub
from tests.house import as_text
from tests.raised import told
from tests.storage.deciding import A_WILL, about, refused

SAID = "Jamie Smith, 07700 900123, wants a lamp."


async def rows(house, table, *conditions):
    return await house.run(lambda db: db.run(select(table).where(*conditions)).mappings().all())


async def sends(house) -> list[tuple[str, str, str | None, str]]:
    """Sends all that is due on Telegram: kind, address, what it replaces, and the text."""
    sent = []
    while claimed := await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 500)):
        for message in claimed:
            sent += await house.run(lambda db, message=message: _leaves(house, db, message))
    return sent


def _leaves(house, db, message):
    address = dispatching.intend(db, (message,)).get(message.id)
    say = announcements.build(house.runtime, db, message) if address else None
    if say is None:
        dispatching.drop(db, [message.id])
        return []
    reference = message.replaces or f"{message.door}{message.id}"
    dispatching.settle(db, [Settlement(message.id, "sent", reference)])
    return [(message.kind, address, message.replaces, as_text(say))]


async def does(house, member, *effects):
    """What a team member's turn would do."""

    def work(db):
        door = people.find_or_create_door(db, member.channel, member.address)
        dispatch(db, door, effects, HANDLERS)

    await house.run(work)


async def published(house, owner, *, chats: int = 2, consultation: int | None = None) -> int:
    """An outcome with something personal in it, published to people on Telegram and on a page; returns its id."""

    def begin(db):
        if consultation:
            return consultation
        number = open_hub(db)
        if chats:
            add_crowd(db, chats, consultation=number)
            add_crowd(db, 1, consultation=number, first=5000, door="web")
        return number

    number = await house.run(begin)
    subject = Subject("consultation", number)
    written = [WritePart(subject, 0, name, value) for name, value in {**A_WILL, "you_said": SAID}.items()]
    await does(house, owner, *written, SetDecider(subject, "the committee"))
    await does(house, owner, PublishOutcome(subject))
    return (await rows(house, outcomes))[0]["id"]


@pytest.fixture
async def owner(house):
    return await house.staff("owner")


async def by_hand(owner, *moves: str) -> None:
    for move in moves:
        await (owner.taps(move[1:-1]) if move.startswith("[") else owner.types(move))


# --- by the command ---------------------------------------------------------------------------------


async def test_an_owner_corrects_a_text_and_it_says_so(house, owner):
    await published(house, owner)
    await sends(house)
    await by_hand(owner, "/correct", "[1]", "[1]")
    assert "Everybody who reads it sees the day and this reason." in owner.sees
    await by_hand(owner, "[It said something about one person]")
    assert "2 messages in chats are changed." in owner.sees
    assert "can't be changed" in owner.sees
    await by_hand(owner, "One of you wants a lamp.")
    after = await sends(house)
    assert len(after) == 2
    for kind, _address, replaces, text in after:
        assert kind == "outcome_fix"
        assert replaces, "the message is edited"
        assert "You said: One of you wants a lamp." in text
        assert "Corrected on 1 December 2026: it said something about one person." in text
        assert "07700" not in text


async def test_the_new_text_is_asked_about_too(house, owner):
    await published(house, owner)
    await by_hand(owner, "/correct", "[1]", "[1]", "[A number was wrong]", "Jamie Smith wants two lamps.")
    assert "This looks like somebody's name: Jamie Smith" in owner.sees
    await by_hand(owner, "[Publish it all the same]")
    assert [row["did"] for row in await rows(house, audit)][-1] == "outcome.corrected"


async def test_an_owner_takes_it_back_at_once_and_reads_before_what_stays(house, owner):
    number = await published(house, owner)
    await sends(house)
    await by_hand(owner, "/correct", "[1]", "[Take all of it back]", "[It said something about one person]")
    assert "2 messages in chats are changed." in owner.sees
    assert "What it answers waits for an answer again." in owner.sees
    await by_hand(owner, "[Yes, take it back]")
    after = await sends(house)
    assert [replaces is not None for _kind, _address, replaces, _text in after] == [True, True]
    assert all("We took this back on 1 December 2026" in text for *_, text in after)
    assert not any("lamp" in text for *_, text in after)
    assert not await rows(house, outcomes)
    assert not await rows(house, parts)
    await owner.types(f"/changed {number}")
    assert "We took this back" in owner.sees
    assert (await rows(house, consultations))[0]["state"] == "closed"


async def test_a_new_outcome_can_follow_and_reaches_everybody(house, owner):
    await published(house, owner)
    await sends(house)
    await does(house, owner, Withdraw("outcome", 1, "wrong"))
    await sends(house)
    subject = about(1)
    written = [WritePart(subject, 0, name, value) for name, value in A_WILL.items()]
    await does(house, owner, *written, SetDecider(subject, "the committee"), PublishOutcome(subject))
    assert [kind for kind, *_ in await sends(house)] == ["outcome", "outcome"]


async def test_only_an_owner_takes_back_and_only_who_may_publish_corrects(house, owner):
    number = await published(house, owner)
    decider = await house.staff("decider", "5559002")
    await by_hand(decider, "/correct", "[1]")
    assert "Take all of it back" not in decider.sees
    with pytest.raises(Exception, match="You can't do that here"):
        await does(house, decider, Withdraw("outcome", number, "wrong"))
    await house.run(told)
    with pytest.raises(Exception, match="You can't do that here"):
        await does(house, decider, CorrectText("news", 1, "title", "en", "wrong", "Another"))
    lead = await house.staff("safeguarding", "5559003")
    says = await lead.types("/correct")
    assert "I don't know that one" in says[0].text


# --- where it is ------------------------------------------------------------------------------------


async def test_what_was_not_sent_yet_is_not_sent(house, owner):
    number = await published(house, owner)
    await does(house, owner, Withdraw("outcome", number, "wrong"))
    assert await sends(house) == []


async def test_a_page_that_showed_it_shows_the_notice(house, owner):
    number = await published(house, owner, chats=0)
    young = house.person("young", "web")
    await young.joins()
    door = await house.run(lambda db: people.find_or_create_door(db, young.channel, young.address).id)
    values = {
        "once": "o",
        "door_id": door,
        "door_kind": "web",
        "lane": "broadcast",
        "state": "waiting",
        "kind": "outcome",
    }
    await house.run(lambda db: db.run(outbox_table.insert().values(**values, about=number, due=db.now)))
    assert "07700" in str(await house.run(lambda db: announcements.show(house.runtime, db, door)))
    await does(house, owner, Withdraw("outcome", number, "personal"))
    lines = await house.run(lambda db: announcements.show(house.runtime, db, door))
    assert "07700" not in str([line.say.text for line in lines])
    assert "We took this back" in lines[-1].say.text
    assert not await house.run(lambda db: threads.messages_to_rebuild(db, door))


async def test_a_correction_goes_out_in_quiet_hours_and_to_who_stopped_messages(house, owner):
    number = await published(house, owner)
    await sends(house)
    house.clock.on(hours=6)  # 22:00
    stop = update(people_table).where(people_table.c.agreed_at.is_not(None))
    await house.run(lambda db: db.run(stop.values(stopped_at=db.now)))
    await does(
        house,
        owner,
        CorrectText("outcome", number, "0 you_said", "en", "personal", "One of you wants a lamp."),
    )
    assert (await house.run(lambda db: dispatching.due_lanes(db, TELEGRAM))).broadcasts
    assert [kind for kind, *_ in await sends(house)] == ["outcome_fix", "outcome_fix"]


async def test_other_broadcasts_still_wait_for_the_morning(house, owner):
    house.clock.on(hours=6)
    await published(house, owner)
    assert not (await house.run(lambda db: dispatching.due_lanes(db, TELEGRAM))).broadcasts
    assert await sends(house) == []


async def test_its_references_are_kept_for_as_long_as_it_stands(house, owner):
    number = await published(house, owner)
    await sends(house)
    house.clock.on(days=200)
    await house.staff_stay()
    purge = lambda db: outbox.purge(db, kept=edits.can_be_corrected())  # noqa: E731
    await house.run(purge)
    await does(house, owner, Withdraw("outcome", number, "personal"))
    house.clock.on(hours=1)
    assert len(await sends(house)) == 2
    house.clock.on(days=200)
    await house.run(purge)
    assert not await rows(house, outbox_table, outbox_table.c.kind == "outcome")


async def test_one_that_came_with_others_is_followed_by_a_new_one_or_taken_back_whole(house, owner):
    number = await published(house, owner, chats=1)
    await house.run(lambda db: db.run(update(people_table).values(frequency="now")))
    await sends(house)
    first = (
        await rows(house, outbox_table, outbox_table.c.kind == "outcome", outbox_table.c.state == "sent")
    )[0]
    along = {**first, "once": "another", "kind": "news", "sent_with": first["id"]}
    along.pop("id")
    await house.run(lambda db: db.run(outbox_table.insert().values(**along)))
    await does(house, owner, CorrectText("outcome", number, "0 you_said", "en", "figure", "Two lamps."))
    assert [replaces for *_, replaces, _text in await sends(house)] == [None]
    await does(house, owner, Withdraw("outcome", number, "figure"))
    assert all(replaces for *_, replaces, _text in await sends(house))


async def test_one_that_is_being_sent_is_edited_next(house, owner):
    number = await published(house, owner, chats=1)
    (message,) = await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 500))
    await house.run(lambda db: dispatching.intend(db, (message,)))
    await does(house, owner, Withdraw("outcome", number, "personal"))
    assert await sends(house) == [], "it waits for the one before"
    await house.run(lambda db: dispatching.settle(db, [Settlement(message.id, "sent", "77")]))
    ((kind, _address, replaces, text),) = await sends(house)
    assert (kind, replaces) == ("outcome_fix", "77")
    assert "We took this back" in text


async def test_one_that_did_not_arrive_after_all_is_not_followed(house, owner):
    number = await published(house, owner, chats=1)
    (message,) = await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("broadcast",), 500))
    await house.run(lambda db: dispatching.intend(db, (message,)))
    await does(house, owner, Withdraw("outcome", number, "personal"))
    await house.run(lambda db: dispatching.settle(db, [Settlement(message.id, "failed")]))
    assert await sends(house) == []


async def test_a_second_correction_edits_the_same_messages(house, owner):
    number = await published(house, owner)
    await sends(house)
    for words in ("Once.", "Twice."):
        await does(house, owner, CorrectText("outcome", number, "0 you_said", "en", "unclear", words))
    after = await sends(house)
    assert {text.partition("You said: ")[2].partition("\n")[0] for *_, text in after} == {"Twice."}
    assert len({replaces for *_, replaces, _text in after}) == 2


# --- what is kept of it -----------------------------------------------------------------------------


async def test_nothing_of_it_is_in_the_database_and_the_audit_log_has_a_hash(house, owner):
    number = await published(house, owner)
    await does(house, owner, CorrectText("outcome", number, "0 you_said", "en", "personal", "A lamp."))
    line = (await rows(house, audit))[-1]
    assert line["did"] == "outcome.corrected"
    assert line["about"].startswith(f"outcome {number} ")
    assert "Jamie" not in line["about"]
    assert len(line["about"]) <= 64


async def test_a_personal_text_takes_its_translations_along_and_another_puts_them_aside(house, owner):
    number = await published(house, owner)
    fix = CorrectText("outcome", number, "0 you_said", "pl", "unclear", "Jamie Smith chce lampy.")
    await does(house, owner, fix)
    await by_hand(owner, "/correct", "[1]", "[1]")
    assert "Polish: Jamie Smith chce lampy." in owner.sees
    await by_hand(
        owner, "[English: Normal]", "[It said something about one person]", "One of you wants a lamp."
    )
    await by_hand(owner, "[1]")
    assert "Jamie" not in owner.sees


async def test_it_must_be_another_text_and_short_enough(house, owner):
    number = await published(house, owner)
    assert "already" in await refused(
        house, CorrectText("outcome", number, "0 you_said", "en", "figure", SAID)
    )
    long = CorrectText("outcome", number, "0 you_said", "en", "figure", "a " * 400)
    assert "too long" in await refused(house, long)


# --- what came after --------------------------------------------------------------------------------


async def test_the_reason_for_a_moved_day_is_corrected_where_it_was_told_and_where_it_stands(house, owner):
    number = await published(house, owner)
    await sends(house)
    part = (await rows(house, parts))[0]
    moved = MovePromise(PromiseRef("part", part["id"]), part["due"], date(2027, 5, 1), "Jamie Smith is ill.")
    await does(house, owner, moved)
    assert {kind for kind, *_ in await sends(house)} == {"moved"}
    await by_hand(owner, "/correct", "[1]")
    assert "Why its day was moved: Jamie Smith is ill." in owner.sees
    place = owner.sees.partition(". Why its day was moved")[0][-1]
    await by_hand(owner, f"[{place}]", "[It said something about one person]", "Somebody is ill.")
    after = await sends(house)
    assert len(after) == 4, "what told of the day, and the outcome itself, to two people"
    assert all(replaces and "Because: Somebody is ill." in text for *_, replaces, text in after)
    assert not any("Jamie Smith is ill" in text for *_, text in after)
    await owner.types(f"/changed {number}")
    assert "Somebody is ill." in owner.sees


async def test_the_reason_for_no_and_what_the_owner_added_are_corrected(house, owner):
    number = await published(house, owner)
    part = (await rows(house, parts))[0]["id"]
    await does(house, owner, ChangeStatus(part, "will", "cant", "Jamie Smith said no."))
    (row,) = await house.run(lambda db: db.run(select(revisits)).all())
    await house.run(lambda db: status.write(db, row, "note", "Jamie Smith did it."))
    change = (await rows(house, status_changes, status_changes.c.part_id == part))[0]["id"]
    for key in (f"{change} changed", f"{row.id} note"):
        await does(house, owner, CorrectText("outcome", number, key, "en", "personal", "There is no money."))
    await owner.types("/correct")
    await owner.taps("1")
    assert "Jamie Smith said no" not in owner.sees
    assert owner.sees.count("There is no money.") == 2


async def test_a_reason_of_another_outcome_is_not_reached(house, owner):
    number = await published(house, owner)
    wrong = CorrectText("outcome", number, "99 moved", "en", "wrong", "Another.")
    with pytest.raises(Exception, match="isn't published"):
        await does(house, owner, wrong)


# --- good news --------------------------------------------------------------------------------------


async def test_good_news_is_corrected_and_taken_back(house, owner):
    await house.run(lambda db: add_crowd(db, 2))
    await house.run(lambda db: told(db, text="Jamie Smith cut the ribbon."))
    house.clock.on(hours=1)
    assert [kind for kind, *_ in await sends(house)] == ["news", "news"]
    await by_hand(
        owner, "/correct", "[1]", "[2]", "[It said something about one person]", "Six of you cut the ribbon."
    )
    after = await sends(house)
    assert len(after) == 2
    assert all("Six of you" in text and "Corrected on" in text for *_, text in after)
    await by_hand(
        owner,
        "/correct",
        "[1]",
        "[Take all of it back]",
        "[Something in it was wrong]",
        "[Yes, take it back]",
    )
    assert all("We took this back" in text for *_, text in await sends(house))
    await owner.types("/correct")
    assert "Nothing is published yet." in owner.sees


# --- a consultation that is open --------------------------------------------------------------------


async def an_invitation(house):
    """An open consultation whose question names somebody, and an invitation to it in a chat."""
    named = replace(HUB, about={"en": "Ask Jamie Smith, 07700 900123."})
    number = await house.run(lambda db: open_now(db, named, reply_by=date(2026, 12, 20)))
    await house.run(lambda db: add_crowd(db, 1))
    await house.run(lambda db: broadcasts.begin(db, INVITATION_RECIPIENTS, number, db.now, None))
    return number


async def test_a_text_of_an_open_consultation_is_corrected_and_says_so(house, owner):
    number = await an_invitation(house)
    assert "07700" in (await sends(house))[0][3]
    await by_hand(owner, "/correct", "[1]", "[2]", "[It said something about one person]", "We plan a hub.")
    ((kind, _address, replaces, text),) = await sends(house)
    assert (kind, bool(replaces)) == ("asked_fix", True)
    assert "We plan a hub." in text
    assert "07700" not in text
    young = house.person("5550009", "web")
    await young.joins()
    await young.types(f"/say {number}")
    assert "We plan a hub." in young.sees
    assert "Corrected on 1 December 2026: it said something about one person." in young.sees


async def test_a_questions_and_an_options_words_are_corrected_and_answers_stay(house, owner):
    number = await an_invitation(house)
    young = house.person("5550009", "web")
    await young.joins()
    for move in (f"/say {number}", "[Start]", "[Yes]"):
        await (young.taps(move[1:-1]) if move.startswith("[") else young.types(move))
    await does(
        house, owner, CorrectText("asked", number, "visit label", "en", "unclear", "Would you come often?")
    )
    await does(house, owner, CorrectText("asked", number, "visit/yes option", "en", "unclear", "Yes, often"))
    await young.types(f"/say {number}")
    await young.taps("Go on")
    await young.taps("Back")
    assert "Would you come often?" in young.sees
    assert "Yes, often" in young.sees
    await owner.types(f"/results {number}")
    assert "1 of 1 person said Yes, often." in owner.sees


async def test_it_is_not_taken_back_but_closed_and_a_closed_one_is_not_corrected(house, owner):
    number = await an_invitation(house)
    await by_hand(owner, "/correct", "[1]")
    assert "Take all of it back" not in owner.sees
    with pytest.raises(Exception, match="isn't published"):
        await does(house, owner, Withdraw("asked", number, "wrong"))
    await does(house, owner, CloseConsultation(number))
    with pytest.raises(Exception, match="isn't published"):
        await does(house, owner, CorrectText("asked", number, "title", "en", "wrong", "Another"))


async def test_progress_is_shown_and_ends(house, owner):
    number = await published(house, owner)
    await sends(house)
    await does(house, owner, Withdraw("outcome", number, "wrong"))
    await sends(house)
    found = await rows(house, outbox_table, outbox_table.c.kind == "progress")
    broadcast = max(row["about"] for row in found)
    assert not await house.run(lambda db: outbox.is_running(db, broadcast))
    house.clock.on(seconds=timedelta(minutes=1).seconds)
    await owner.types("/sent")
    assert "A correction" in owner.sees
