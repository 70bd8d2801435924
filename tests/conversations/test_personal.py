"""Something personal in what staff write for many: found, asked about once, wherever they write."""

from time import perf_counter

import pytest

from conversations.consultations.sample import BUSES
from conversations.core.effects import ForMany
from conversations.core.events import Chose, SafePicture, Said, Sent
from conversations.core.personal.finder import find_personal
from conversations.core.record import replace
from conversations.outcomes.effects import DescribePicture
from handlers.incoming import Incoming
from handlers.turns import present_question
from storage.outbox import outbox
from storage.people import people, sessions
from storage.registry import HANDLERS
from storage.tables import news
from storage.tables import sessions as sessions_table
from tests.conversations.drafts import HUB, rows, worker_with_draft
from tests.test_scripts import SCRIPTS, Player, _happens, _set_out, script_of

FOUND = {
    "phone": (
        "Ring me on 07700 900123", "my mobile: 07700900123", "+44 7700 900 123", "(0131) 496 0000", "0131-496-0000",
        "call 496 0000", "zadzwoń +48 601 234 567", "رقمي ٠٧٧٠٠٩٠٠١٢٣", "07700\u200b900123", "０７７００ ９００１２３",
    ),
    "email": ("jamie.smith@example.org", "write to jamie at gmail dot com"),
    "handle": ("find me @jay_01", "insta: jay.2010", "my snap is jay_01"),
    "link": ("https://www.instagram.com/jay01", "tiktok.com/@jay"),
    "postcode": ("EH1 1AA", "at eh1 1aa", "00-950 Warszawa"),
    "street": ("14 Elm Street", "He lives on Elm Street", "Flat 3, 12 High Street", "ul. Długa 5", "شارع النصر 12"),
    "birth": ("born on 12/03/2010", "DOB: 3 March 2010", "urodzona 3 marca 2010"),
    "number": ("AB 12 34 56 C", "NHS number 943 476 5919"),
    "name": (
        "Jamie Smith told us", "Mrs Kowalska helped", "a girl called Zyta", "Jade (14) said the bus is late", "I am Zoe Brown",
        "My teacher, Sarah, said", "at the stop, Zyta Bobek said it is dark", "Jamie's mum", "اسمه أحمد", "pani Nowak",
    ),
}  # fmt: skip
NOT_PERSONAL = (
    "14 of 22 of you don't feel safe waiting at the stop on London Road.",
    "We put two lamps at the stop by 31 March 2027.",
    "Childline 0800 1111, free. Call 999 or 111. Text SHOUT to 85258.",
    "250 answered: 212 / 35 / 4", "It costs £1,200,000 over 2026-2028.", "The 16 runs until 21:00, not 20:30.",
    "Decided by the councillor for transport, 18 December.", "Open 9-17, for 13–15 and 16–17 year olds.",
    "A1 5th place", "The Youth Council said yes.", "We heard that Young Scot said 40 %.", "The Jordan Centre is open.",
    "a new hub called The Hub, in George Street", "call us on 0300 123 1234", "the park named Victoria Park",
    "You asked for it, and on Friday it opens. Six of you cut the ribbon.", "radny do spraw transportu",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts])
def test_what_leads_to_one_person_is_found(kind, text):
    assert kind in {one.kind for one in find_personal(text)}


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_is_said_in_public_every_day_is_not(text):
    assert not find_personal(text)


def test_all_that_stands_in_a_text_is_found_and_a_street_beside_a_name_too():
    text = "Jamie Smith from Elm Street, 07700 900123, jamie@example.org, wants a lamp."
    assert [(one.kind, one.found) for one in find_personal(text)] == [
        ("name", "Jamie Smith"),
        ("street", "Elm Street"),
        ("phone", "07700 900123"),
        ("email", "jamie@example.org"),
    ]


def test_the_teams_own_contact_is_none():
    assert not find_personal("Write to youth@example.org.", "youth@example.org")


@pytest.mark.parametrize("piece", ["A", "1", "0 ", "a.", "@", "Aa ", "call ", "Flat 1 ", "1 Aa Bb "])
def test_no_text_takes_long(piece):
    text = (piece * 4000)[:4000]
    began = perf_counter()
    find_personal(text)
    assert (
        perf_counter() - began < 5
    )  # it grew with the square of the length before; this is no measure of speed


def test_what_was_found_is_in_no_representation():
    assert "07700" not in repr(find_personal("07700 900123"))


# --- asked once -----------------------------------------------------------------------------------

A_NAME = "Six of you, and Jamie Smith, cut the ribbon."


async def a_headline(house, door="telegram"):
    worker = await house.staff("worker", door=door)
    await worker.types("/news")
    await worker.taps("Write good news")
    return worker


async def test_it_is_asked_about_and_taken_with_a_yes(house):
    worker = await a_headline(house)
    await worker.types("The park is open")
    await worker.types(A_NAME)
    assert "This looks like somebody's name: Jamie Smith" in worker.sees
    assert "[Publish it all the same]" in worker.sees
    await worker.taps("Publish it all the same")
    await worker.taps("Preview")
    await worker.taps("1")
    assert A_NAME in worker.sees


async def test_another_text_is_taken_instead_and_the_first_is_forgotten(house):
    worker = await a_headline(house)
    await worker.types("Ask Jamie on 07700 900123")
    assert not await rows(house, news)
    await worker.types("The park is open")
    assert len(await rows(house, news)) == 1
    await worker.types(A_NAME)
    await worker.types("Six of you cut the ribbon.")
    await worker.taps("Preview")
    await worker.taps("1")
    assert "Jamie" not in worker.sees


async def test_the_question_stays_until_it_is_answered_and_its_step_has_its_own_buttons(house):
    worker = await a_headline(house)
    await worker.types("Ask Jamie on 07700 900123")
    await worker.sends("sticker")
    assert "07700 900123" in worker.sees
    await worker.taps("Back")
    assert "Many people will read this" not in worker.sees
    await worker.does(Chose(worker.heard[-2].visit, "as it is"))
    assert not await rows(house, news)


async def test_the_text_waits_sealed_and_is_erased_after_a_while(house):
    worker = await a_headline(house)
    await worker.types("Ask Jamie on 07700 900123")
    held = [row["held"] for row in await rows(house, sessions_table)]
    assert held[0]
    assert b"07700" not in held[0]
    house.clock.on(minutes=11)
    await house.run(sessions.forget_words)
    await worker.taps("Publish it all the same")
    assert not await rows(house, news)
    assert not any(row["held"] for row in await rows(house, sessions_table))


async def test_on_the_page_the_text_is_in_its_field(house):
    worker = await a_headline(house, "web")
    says = await worker.does(Said("Ask Jamie on 07700 900123"))
    assert says[-1].draft == "Ask Jamie on 07700 900123"
    number = (await rows(house, sessions_table))[-1]["door_id"]
    again = await house.run(lambda db: present_question(house.runtime, db, people.door_by_id(db, number)))
    assert again.heading == "Many people will read this"


async def test_a_consultation_says_so_before_it_opens(house):
    form = replace(HUB, about={"en": "Questions? Ring Jamie on 07700 900123."})
    worker = await worker_with_draft(house, form)
    assert "This looks like a phone number: 07700 900123" in worker.sees
    await worker.taps("Send now")
    assert "This looks like a phone number: 07700 900123" in worker.sees
    assert "[Publish it all the same]" in worker.sees


async def test_so_does_a_translation_of_an_option(house):
    first, *others = BUSES.questions
    named = replace(first.options[0], label={**first.options[0].label, "pl": "Jamie Smith"})
    asked = replace(first, options=(named, *first.options[1:]))
    worker = await worker_with_draft(house, replace(HUB, questions=(asked, *others)))
    await worker.taps("Send now")
    assert "This looks like somebody's name: Jamie Smith" in worker.sees


# --- everywhere -----------------------------------------------------------------------------------

# Words of staff that one person or a few colleagues read, or that are meant to reach a service.
FOR_FEW = {
    "AskBack": "a question to one person, in their own thread",
    "DeclineOutcome": "one colleague reads it",
    "SetTeamName": "colleagues read it, and it is a name",
    "AddClosingReason": "the list of case reasons is read by the lead",
    "RemoveClosingReason": "the same list",
    "CloseCase": "a reason from that list",
    "WriteNote": "a case's notes, for those who may read its words",
    "WriteToThem": "one person reads it",
    "OpenCase": "one young person's words, for the lead",
    "CheckHelpline": "a helpline's key",
    "RemoveHelpline": "a helpline's key",
    "SetHelpline": "a helpline has a number: that is what it is for",
    "ApproveOutcome": "a hash",
    "AddPasskey": "a browser's answer to a challenge, and a name that its owner alone sees",
    "LinkSignIn": "names an issuer and a subject of the council's own sign-in",
    "NamePasskey": "its owner alone sees the name",
    "Invite": "a role",
    "FileNews": "a heading's key and an area from the team's list",
    "FileUnder": "headings' keys and an area, which is asked about where the list is written",
    "AskToQuote": "the name of a question; the sentence is asked about in its step",
    "ImportForm": "a form's texts are asked about before it opens",
}


def _has_words(effect) -> bool:
    return any(
        "str" in str(kind) or "Form" in str(kind) or "Say" in str(kind)
        for kind in effect.__annotations__.values()
    )


def test_whatever_staff_write_asks_or_says_why_not():
    of_staff = {effect for effect, handler in HANDLERS.items() if handler.right is not None}
    silent = {one.__name__ for one in of_staff if _has_words(one) and not issubclass(one, ForMany)}
    assert silent <= FOR_FEW.keys()
    assert FOR_FEW.keys() <= {one.__name__ for one in HANDLERS}


# The scripts in which staff write for many, and the effects that they are asked about in each.
WALKED = {
    "outcome": {"WritePart"},
    "outcome_in_other_words": {"WritePart", "SetDecider", "WriteVariant"},
    "news": {"BeginNews", "WriteNews"},
    "inbox": {"AnswerIssue", "CloseIssue", "MoveIssue"},
    "promises": {"MovePromise", "ChangeStatus"},
    "happened": {"NoteHappened", "CloseRevisit"},
}
_NUMBER = "07700 900123"


async def _walks(house, script) -> set[type]:
    """Plays a script of staff with a phone number after each typed text. Returns the effects that it was asked about in."""
    player, asked = Player(house.runtime), set()
    await _set_out(house, player, script)
    for line in script.lines:
        if line == "> [Yes, like this]":  # its text was published with the number already
            continue
        if line.startswith("= "):
            player.heard += await _happens(house, line[2:])
        elif line.startswith("> ") and line[2] not in "[/(":
            asked |= await _types_with_a_number(player, line[2:])
        elif line.startswith("> "):
            await player.plays(line[2:])
    return asked


async def _types_with_a_number(player, text: str) -> set[type]:
    before = player.heard[-1].visit
    taken = await player.plays(f"{text} {_NUMBER}")
    assert not [one for one in taken.effects if isinstance(one, ForMany)], taken.effects
    if taken.says[-1].heading == "Many people will read this":
        taken = await player.plays("[Publish it all the same]")
        stored = {
            type(one)
            for one in taken.effects
            if isinstance(one, ForMany) and _NUMBER in str(one.read_by_many)
        }
        assert stored
        return stored
    if taken.says[-1].visit == before and not taken.effects:  # a day, or something else that is no text
        await player.plays(text)
    return set()


def _script(name: str):
    """A script of staff; of the longest, what comes before the end of its translation."""
    path = next(path for path in SCRIPTS if path.stem == name)
    script = script_of(path.read_text(encoding="utf-8"))
    if name == "outcome_in_other_words":
        script.lines = script.lines[: script.lines.index("> [See it as they do]")]
        script.lines[script.lines.index("> [Use this]")] = "> the councillor for transport"
    return script


THE_AREAS = "role: owner\n\n> Olu\n> /team\n> [How we work]\n> [Areas]\n> North End, Riverside\n"


@pytest.mark.parametrize("name", WALKED)
async def test_every_flow_in_which_staff_write_for_many_asks(house, name):
    found = await _walks(house, _script(name))
    assert {one.__name__ for one in found} == WALKED[name]


async def test_so_does_the_list_of_areas(house):
    assert {one.__name__ for one in await _walks(house, script_of(THE_AREAS))} == {"SetTeamRule"}


async def test_so_do_the_words_of_a_picture(house):
    script = _script("outcome")
    script.lines = script.lines[: script.lines.index("> [Choose a time]")]
    player = Player(house.runtime)
    await _set_out(house, player, script)
    for line in script.lines:
        if line.startswith("> "):
            await player.plays(line[2:])
    await player.plays("[Add a picture]")
    sent = Sent("photo", file=SafePicture(b"\xff\xd8"))
    taken = await house.runtime.take_turn(Incoming(player.channel, "1", "p"), sent)
    await house.run(lambda db: [outbox.settle(db, one.id, "sent", str(one.id)) for one in taken.messages])
    assert await _types_with_a_number(player, "A red house.") == {DescribePicture}


def test_these_walks_cover_every_effect_for_many():
    every = {one.__name__ for one in HANDLERS if issubclass(one, ForMany)}
    # for the last, see test_the_new_text_is_asked_about_too
    assert every == set().union(*WALKED.values()) | {"SetTeamRule", "DescribePicture", "CorrectText"}
