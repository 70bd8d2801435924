"""Sending one message, once: what arrived, and the result if it did not."""

import io

import pytest
from PIL import Image

from bot.config.catalogues import load_library
from conversations.core.messages import Attachment, Choice, Link, Say
from handlers import transport
from handlers.files.render import RenderedFile
from handlers.telegram.client import LeanBot
from handlers.telegram.http import AiohttpRequest
from handlers.telegram.transport import TelegramTransport
from storage.core.errors import Unavailable
from tests.botapi import How
from tests.botapi.text import units
from tests.house import LONDON

SAM = "700001"
YES = ((Choice("yes", "Yes"), Choice("no", "No")),)
PAPER = Attachment("results", {"consultation": 1}, "14 of 22 said yes.")


def picture():
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(file, "PNG")
    return file.getvalue()


class Drawer:
    """Renders what the test wants, or fails."""

    def __init__(self):
        self.drawn = RenderedFile("results.png", picture(), "image/png")
        self.fails: Exception | None = None

    async def __call__(self, _attachment):
        if self.fails:
            raise self.fails
        return self.drawn


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
async def door(double, sam, drawer):
    """The transport, and Sam, who has opened the chat."""
    await sam.types("/start")
    bot = LeanBot(double.token, double.url)
    bot._calls = AiohttpRequest(read_timeout=0.3)
    bot._request = (bot._request[0], bot._calls)
    await bot.initialize()
    yield TelegramTransport(bot, load_library(LONDON), drawer)
    await bot.shutdown()


async def heard(sam):
    return [shown for shown in await sam.sees() if not shown.mine]


# --- what arrives -----------------------------------------------------------------------------------


async def test_a_message_arrives_with_its_heading_its_place_and_its_buttons(door, sam):
    say = Say("Is it safe?", heading="Buses", progress=(2, 5), rows=YES, visit=4)
    reference = await door.send(SAM, say, None)
    [shown] = await heard(sam)
    assert shown.text == "2 of 5\nBuses\nIs it safe?"
    assert shown.buttons == ["Yes", "No"]
    assert reference == str(shown.id)


async def test_it_says_how_far_one_is_in_the_messages_own_language(door, sam):
    await door.send(SAM, Say("Pytanie", progress=(2, 5), language="pl"), None)
    assert (await heard(sam))[0].text == "2 z 5\nPytanie"


async def test_a_tapped_message_is_edited_in_place(door, sam):
    first = await door.send(SAM, Say("Is it safe?", rows=YES), None)
    assert await door.send(SAM, Say("Thank you."), first) == first
    [shown] = await heard(sam)
    assert (shown.text, shown.buttons, shown.edited) == ("Thank you.", [], True)


async def test_a_change_that_changes_nothing_counts_as_sent(door, sam, double):
    first = await door.send(SAM, Say("Is it safe?", rows=YES), None)
    assert await door.send(SAM, Say("Is it safe?", rows=YES), first) == first
    assert len(await heard(sam)) == 1
    assert double.calls_of("editMessageText")[-1].status == 400


async def test_if_the_message_was_deleted_a_new_one_is_sent(door, sam):
    reference = await door.send(SAM, Say("Here we are."), "999999")
    [shown] = await heard(sam)
    assert (str(shown.id), shown.text) == (reference, "Here we are.")


async def test_if_the_message_is_a_picture_a_new_one_is_sent(door, sam):
    first = await door.send(SAM, Say("The results", attachment=PAPER), None)
    second = await door.send(SAM, Say("Here we are."), first.rpartition(":")[2])
    assert second != first
    assert [shown.kind for shown in await heard(sam)] == ["photo", "text"]


async def test_by_its_whole_reference_a_message_with_a_picture_is_taken_back(door, sam):
    long = "All that the results say. " * 60
    first = await door.send(SAM, Say(long, attachment=PAPER), None)
    assert [shown.kind for shown in await heard(sam)] == ["photo", "text"]
    await door.send(SAM, Say("We took this back."), first)
    assert [(shown.kind, shown.text) for shown in await heard(sam)] == [("text", "We took this back.")]


async def test_what_telegram_deletes_no_more_loses_its_words(door, sam, double):
    first = await door.send(SAM, Say("Jamie's results", attachment=PAPER), None)
    double.fail("deleteMessage", 1, How.refused(400, "Bad Request: message can't be deleted"))
    await door.send(SAM, Say("We took this back."), first)
    assert not any("Jamie" in shown.text for shown in await heard(sam))


@pytest.mark.parametrize("words", ["message can't be edited", "MESSAGE_ID_INVALID"])
async def test_if_the_message_cannot_be_edited_any_more_a_new_one_is_sent(door, sam, double, words):
    first = await door.send(SAM, Say("Is it safe?"), None)
    double.fail("editMessageText", 1, How.refused(400, f"Bad Request: {words}"))
    assert await door.send(SAM, Say("Here we are."), first) != first
    assert len(await heard(sam)) == 2


async def test_a_long_text_arrives_whole_in_parts_and_its_buttons_under_the_last(door, sam):
    words = " ".join(f"word{n}" for n in range(2000))
    reference = await door.send(SAM, Say(words, rows=YES), None)
    shown = await heard(sam)
    assert len(shown) > 2
    assert " ".join(part.text for part in shown).split() == words.split()
    assert [bool(part.buttons) for part in shown] == [False] * (len(shown) - 1) + [True]
    assert reference == str(shown[-1].id)
    assert max(units(part.text) for part in shown) <= 4096


async def test_a_text_too_long_for_an_edit_is_sent_as_a_new_message(door, sam):
    first = await door.send(SAM, Say("Is it safe?"), None)
    await door.send(SAM, Say("word " * 2000), first)
    assert (await heard(sam))[0].text == "Is it safe?"


async def test_text_that_looks_like_markup_is_shown_as_written(door, sam):
    await door.send(SAM, Say("<b>not bold</b> & _so_ *on* [x](y)", heading="<i>1 < 2</i>"), None)
    assert (await heard(sam))[0].text == "<i>1 < 2</i>\n<b>not bold</b> & _so_ *on* [x](y)"


# --- plain ------------------------------------------------------------------------------------------


async def test_plain_text_is_the_same_words_without_markup(door, sam, double):
    say = Say("a < b & c <b>typed</b>", heading="Heading", rows=YES)
    await door.send(SAM, say, None)
    await door.send(SAM, say, None, plain=True)
    marked, plain = await heard(sam)
    assert marked.text == plain.text
    assert plain.buttons == ["Yes", "No"]
    assert "parse_mode" in double.calls_of("sendMessage")[0].values
    assert "parse_mode" not in double.calls_of("sendMessage")[1].values


async def test_plain_text_keeps_its_answers_and_drops_the_links_whose_address_may_be_what_was_refused(
    door, sam
):
    rows = ((Link("Call 999", "https://heard.example/help#tel-999"),), *YES)
    await door.send(SAM, Say("a", rows=rows), None)
    await door.send(SAM, Say("a", rows=rows), None, plain=True)
    await door.send(SAM, Say("a", rows=rows[:1]), None, plain=True)
    assert [one.buttons for one in await heard(sam)] == [["Call 999", "Yes", "No"], ["Yes", "No"], []]


async def test_plain_holds_for_the_words_under_a_picture_too(door, sam, double):
    await door.send(SAM, Say("1 < 2", heading="Results", attachment=PAPER), None, plain=True)
    assert "parse_mode" not in double.calls_of("sendPhoto")[0].values
    assert (await heard(sam))[0].text.startswith("Results\n1 < 2")


# --- attachments ------------------------------------------------------------------------------------


async def test_a_picture_arrives_with_its_numbers_in_words(door, sam):
    reference = await door.send(SAM, Say("The results", attachment=PAPER, rows=YES), None)
    [shown] = await heard(sam)
    assert (shown.kind, shown.buttons, f"{shown.id}:{shown.id}") == ("photo", ["Yes", "No"], reference)
    assert "14 of 22 said yes." in shown.text


async def test_text_that_a_picture_could_not_draw_is_in_its_description(door, sam, drawer):
    drawer.drawn = RenderedFile("results.png", picture(), "image/png", key="1.1: ખુશ")
    await door.send(SAM, Say("The results", attachment=PAPER), None)
    assert (await heard(sam))[0].text.endswith("14 of 22 said yes.\n\n1.1: ખુશ")


async def test_a_file_arrives_under_its_name(door, sam, drawer, double):
    drawer.drawn = RenderedFile("answers.xlsx", b"PK", "application/octet-stream")
    await door.send(SAM, Say("All answers", attachment=PAPER), None)
    assert (await heard(sam))[0].kind == "document"
    assert next(reversed(double.chats.files.values())).json["file_name"] == "answers.xlsx"


async def test_words_too_long_for_a_caption_follow_with_the_buttons(door, sam):
    await door.send(SAM, Say("word " * 500, attachment=PAPER, rows=YES), None)
    shown = await heard(sam)
    assert [part.kind for part in shown] == ["photo", "text"]
    assert [part.buttons for part in shown] == [[], ["Yes", "No"]]


async def test_a_picture_for_many_is_handed_over_once(double, door, sam):
    for text in ("For Ana", "For Ben"):
        await door.send(SAM, Say(text, attachment=PAPER), None)
    assert [bool(call.files) for call in double.calls_of("sendPhoto")] == [True, False]
    assert [(shown.kind, shown.text.partition("\n")[0]) for shown in await heard(sam)] == [
        ("photo", "For Ana"),
        ("photo", "For Ben"),
    ]


async def test_a_picture_that_telegram_does_not_know_any_more_is_handed_over_again(double, door, sam):
    await door.send(SAM, Say("For Ana", attachment=PAPER), None)
    double.chats.files.clear()
    await door.send(SAM, Say("For Ben", attachment=PAPER), None)
    assert len(await heard(sam)) == 2
    assert [bool(call.files) for call in double.calls_of("sendPhoto")] == [True, False, True]


async def test_an_attachment_that_cannot_be_rendered_is_refused_and_nothing_is_sent(door, sam, drawer):
    drawer.fails = ZeroDivisionError("nobody answered")
    with pytest.raises(transport.MessageRejected):
        await door.send(SAM, Say("The results", attachment=PAPER), None)
    assert await heard(sam) == []


async def test_an_attachment_that_cannot_be_read_now_was_surely_not_sent(door, drawer):
    drawer.fails = Unavailable("SQLITE_BUSY")
    with pytest.raises(transport.NotSent):
        await door.send(SAM, Say("The results", attachment=PAPER), None)


# --- failed sends -------------------------------------------------------------------------------------

FATES = [
    (How.refused(429, "Too Many Requests: retry after 7", retry_after=7), transport.RetryAfter),
    (How.refused(429, "Too Many Requests"), transport.NotSent),
    (How.refused(403, "Forbidden: bot was blocked by the user"), transport.Blocked),
    (How.refused(403, "Forbidden: user is deactivated"), transport.Blocked),
    (How.refused(400, "Bad Request: chat not found"), transport.Blocked),
    (How.refused(400, "Bad Request: PEER_ID_INVALID"), transport.Blocked),
    (How.refused(400, "Bad Request: can't parse entities: unsupported start tag"), transport.MessageRejected),
    (How.refused(400, "Bad Request: message is too long"), transport.MessageRejected),
    (How.refused(401, "Unauthorized"), transport.TokenRevoked),
    (How.refused(404, "Not Found"), transport.TokenRevoked),
    (How.refused(500, "Internal Server Error"), transport.FateUnknown),
    (How.answer(502, "<html>Bad Gateway</html>", accepted=False), transport.FateUnknown),
    (How.answer(200, "not json", accepted=True), transport.FateUnknown),
    (How.answer(200, {"ok": True}, accepted=True), transport.FateUnknown),
    (How.truncated(), transport.FateUnknown),
    (How.cut_before(), transport.FateUnknown),
    (How.cut_after(), transport.FateUnknown),
    (How.late(30), transport.FateUnknown),
]


@pytest.mark.parametrize(("how", "fate"), FATES, ids=[f"{h.kind} {h.status} {f.__name__}" for h, f in FATES])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText", "sendPhoto"])
async def test_each_failure_tells_the_truth_about_the_message(door, double, method, how, fate):
    first = await door.send(SAM, Say("Is it safe?"), None)
    calls = len(double.calls)
    double.fail(method, 1, how)
    say = Say("Next", attachment=PAPER if method == "sendPhoto" else None)
    with pytest.raises(Exception) as told:
        await door.send(SAM, say, first if method == "editMessageText" else None)
    assert type(told.value) is fate
    assert len(double.calls) == calls + 1  # tried once
    assert double.token not in repr(told.value)


async def test_the_wait_that_telegram_asks_for_is_given_in_seconds(door, double):
    double.fail("sendMessage", 1, How.refused(429, "Too Many Requests: retry after 7", retry_after=7))
    with pytest.raises(transport.RetryAfter) as told:
        await door.send(SAM, Say("Hello"), None)
    assert told.value.seconds == 7


async def test_if_nobody_listens_it_was_surely_not_sent(sam, drawer):
    bot = LeanBot("42:heard-test-not-a-real-token", "http://127.0.0.1:1")
    await bot._request[1].initialize()
    with pytest.raises(transport.NotSent):
        await TelegramTransport(bot, load_library(LONDON), drawer).send(SAM, Say("Hello"), None)
    await bot._request[1].shutdown()


async def test_a_later_part_that_fails_makes_the_message_unknown_and_not_retried(door, sam, double):
    double.fail("sendMessage", 1, How.refused(429, "Too Many Requests: retry after 7", retry_after=7), skip=1)
    with pytest.raises(transport.FateUnknown):
        await door.send(SAM, Say("word " * 2000), None)
    assert len(await heard(sam)) == 1


async def test_words_after_a_picture_that_fail_make_the_whole_unknown(door, double):
    double.fail("sendMessage", 1, How.refused(400, "Bad Request: no"))
    with pytest.raises(transport.FateUnknown):
        await door.send(SAM, Say("word " * 500, attachment=PAPER), None)


async def test_a_recipient_who_blocked_the_bot_is_recognised(door, sam):
    await sam.blocks()
    with pytest.raises(transport.Blocked):
        await door.send(SAM, Say("Are you there?"), None)
