"""Parsing updates: who wrote, and what they did."""

import pytest

from conversations.core.channels import TELEGRAM
from conversations.core.events import Asked, Chose, Edited, Said, Sent
from handlers.input import command_or_words, parse_button
from handlers.telegram.parse import blocked_by, group_to_leave
from tests.telegram.updates import GROUP, PRIVATE, SAM, came, membership, message, parsed, tap, update


def private(json):
    return came(json).private


def event(json):
    return private(json).event


def said(text):
    """Words, with the message that they came in."""
    return Said(text, message="7")


# --- who --------------------------------------------------------------------------------------------


def test_incoming_holds_the_chat_the_update_and_the_phones_language():
    incoming = private(message("hello", number=17)).incoming
    assert (incoming.channel, incoming.address, incoming.update, incoming.language) == (
        TELEGRAM,
        "700001",
        "17",
        "pl",
    )


def test_no_name_is_included():
    sender = SAM | {"first_name": "Samantha", "last_name": "Smith", "username": "sam_smith"}
    found = str(private(message("hello", sender=sender)))
    assert [name for name in ("Samantha", "Smith", "sam_smith") if name in found] == []


def test_a_tap_knows_its_message_and_waits_for_an_answer():
    found = private(tap("4:yes"))
    assert (found.event, found.incoming.tapped, found.tap) == (Chose(4, "yes"), "9", "q1")


def test_a_tap_on_a_message_too_old_to_be_shown_counts_like_any_other():
    json = tap("4:yes")
    json["callback_query"]["message"] = {"message_id": 9, "date": 0, "chat": PRIVATE}
    assert private(json).event == Chose(4, "yes")


# --- what -------------------------------------------------------------------------------------------


def test_words_are_words():
    assert event(message("more lights at the stop")) == said("more lights at the stop")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/say", Asked("say")),
        ("/SAY", Asked("say")),
        ("/say 3", Asked("say", "3")),
        ("/start j_BUSES-1", Asked("start", "j_BUSES-1")),
        ("/say@heard_test_bot", Asked("say")),
        ("/say@heard_test_bot  3 ", Asked("say", "3")),
        ("/say\nwell", Asked("say", "well")),
        ("/nonsense", Asked("nonsense")),
        ("/", Said("/")),
        ("/ 5", Said("/ 5")),
        ("//", Said("//")),
        ("/5", Said("/5")),
        ("/say!", Said("/say!")),
        ("1/2 of us", Said("1/2 of us")),
        ("/żółw", Said("/żółw")),
        (" /say", Said(" /say")),
    ],
)
def test_commands_are_recognised_as_telegram_does(typed, meant):
    assert command_or_words(typed) == meant
    assert event(message(typed)) == (said(meant.text) if isinstance(meant, Said) else meant)


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        ("4:yes", Chose(4, "yes")),
        ("4:/say 3", Chose(4, "/say 3")),
        ("4:a:b", Chose(4, "a:b")),
        ("4", Chose(4, "")),
        ("", Chose(-1, "")),
        ("yes:4", Chose(-1, "")),
        ("9" * 5000 + ":x", Chose(-1, "")),
    ],
)
def test_a_buttons_data_is_its_asking_and_its_key_and_a_forged_one_is_of_no_asking(data, meant):
    assert parse_button(data) == meant


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": {"duration": 3}}, "voice"),
        ({"audio": {"duration": 3}}, "voice"),
        ({"video": {"duration": 3, "width": 1, "height": 1}}, "video"),
        ({"video_note": {"duration": 3, "length": 1}}, "video"),
        ({"photo": [{"width": 1, "height": 1}]}, "photo"),
        ({"document": {}}, "file"),
        (
            {
                "sticker": {
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                    "type": "regular",
                }
            },
            "sticker",
        ),
        ({"location": {"longitude": 1.0, "latitude": 2.0}}, "location"),
        ({"contact": {"phone_number": "+44", "first_name": "Sam"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
        ({}, "other"),
    ],
)
def test_any_other_update_is_described_by_its_kind(content, kind):
    files = ("voice", "audio", "video", "video_note", "document", "sticker")
    for name in content.keys() & set(files):
        content[name] |= {"file_id": "f", "file_unique_id": "u"}
    for size in content.get("photo", []):
        size.update(file_id="f", file_unique_id="u")
    assert event(message(**content)) == Sent(kind)


def test_words_under_a_picture_come_along():
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert event(message(photo=photo, caption="the stop")) == Sent("photo", "the stop")


def test_only_a_document_may_be_a_workbook():
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "form.xlsx"}
    assert private(message(document=file)).file.file_id == "f"
    moving = file | {"duration": 1, "width": 1, "height": 1}
    assert private(message(document=file, animation=moving)).file is None
    assert private(message(document=file, kind="edited_message")).file is None


def test_a_changed_message_is_an_edit_with_its_new_words():
    assert event(message("safe now", kind="edited_message")) == Edited("safe now", "7")
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    assert event(message(photo=photo, caption="new", kind="edited_message")) == Edited("new", "7")


def test_an_edited_command_is_an_edit_too():
    assert event(message("/delete", kind="edited_message")) == Edited("/delete", "7")


def test_somebody_who_shares_their_way_is_not_answered_at_every_step():
    place = {"longitude": 1.0, "latitude": 2.0, "live_period": 900}
    assert private(message(location=place)).event == Sent("location")
    assert private(message(location=place, kind="edited_message")) is None


def test_characters_that_cannot_be_typed_are_left_out():
    assert event(message("a\x00b\x1bc\ud800d\r\ne")) == said("abcd\ne")


# --- groups, channels, and people who go --------------------------------------------------------------


@pytest.mark.parametrize(
    "json",
    [
        message("/say", chat=GROUP),
        message("/team", chat=GROUP),
        tap("4:yes", chat=GROUP),
        membership(GROUP, "member", "left"),
        membership({"id": -100, "type": "channel", "title": "News"}, "member", "left"),
        message(chat=GROUP | {"type": "supergroup"}, new_chat_members=[SAM]),
    ],
)
def test_in_a_group_nothing_is_a_visit(json):
    assert private(json) is None
    assert group_to_leave(parsed(json)) in {-4001, -100}


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_a_group_that_the_bot_left_is_not_left_again(status):
    assert group_to_leave(parsed(membership(GROUP, status))) is None


def test_blocking_and_unblocking_the_bot_is_noticed_and_is_not_a_group():
    assert blocked_by(parsed(membership(PRIVATE, "kicked"))) == "700001"
    assert blocked_by(parsed(membership(GROUP, "kicked"))) is None
    json = membership(PRIVATE, "member", "kicked")
    back = parsed(json)
    assert (came(json).private, blocked_by(back), group_to_leave(back)) == (None, None, None)


def test_an_update_of_another_kind_is_nothing():
    poll = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    poll |= {"allows_revoting": False, "members_only": False}
    for json in (update("poll", **poll), {"update_id": 5}):
        found = parsed(json)
        assert (came(json).private, blocked_by(found), group_to_leave(found)) == (None, None, None)


# --- words in other places ------------------------------------------------------------------------

SIGN = "i want to die"
STICKER = {
    "file_id": "f",
    "file_unique_id": "u",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
    "type": "regular",
}


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        (
            {
                "poll": {
                    "id": "1", "question": SIGN, "options": [{"text": "me too", "voter_count": 0, "persistent_id": "1"}], "total_voter_count": 0,
                    "is_closed": False, "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
                }
            },
            "other",
        ),
        ({"checklist": {"title": "list", "tasks": [{"id": 1, "text": SIGN}]}}, "other"),
        (
            {"venue": {"location": {"latitude": 1, "longitude": 1}, "title": SIGN, "address": "x"}, "location": {"latitude": 1, "longitude": 1}},
            "location",
        ),
        ({"contact": {"phone_number": "1", "first_name": "i want", "last_name": "to die"}}, "contact"),
    ],
)  # fmt: skip
def test_the_words_of_a_poll_a_checklist_a_place_and_a_contact_arrive(more, kind):
    found = event(message(**more))
    assert (found.kind, SIGN in found.caption) == (kind, True)


def test_what_a_message_quotes_of_others_arrives_and_what_it_quotes_of_us_does_not():
    quote = {"text": SIGN, "position": 0}
    assert event(message("look", quote=quote)) == Said("look", message="7", quoted=SIGN)
    ours = {
        "message_id": 3,
        "date": 0,
        "chat": PRIVATE,
        "from": {"id": 1, "is_bot": True, "first_name": "Heard"},
    }
    assert event(message("look", quote=quote, reply_to_message=ours)) == Said(
        "look", message="7", replies_to="3"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"audio": {"file_id": "f", "file_unique_id": "u", "duration": 3, "title": SIGN, "performer": "me"}},
        {"game": {"title": "g", "description": SIGN, "photo": []}},
        {"web_app_data": {"data": SIGN, "button_text": "b"}},
        {"checklist_tasks_added": {"tasks": [{"id": 1, "text": SIGN}]}},
        {"sticker": STICKER, "quote": {"text": SIGN, "position": 0}},
    ],
)
def test_wherever_there_are_words_they_arrive_to_be_looked_through(more):
    assert SIGN in event(message(**more)).caption


@pytest.mark.parametrize("name", ["pinned_message", "write_access_allowed"])
def test_what_only_happens_in_a_chat_is_let_go(name):
    content = {
        "pinned_message": {"message_id": 1, "date": 0, "chat": PRIVATE},
    }
    found = came(message(**{name: content.get(name, {})}))
    assert (found.private, found.update is not None) == (None, True)


def test_what_somebody_else_wrote_is_no_answer_and_runs_no_command():
    origin = {"type": "user", "date": 0, "sender_user": SAM | {"id": 700002}}
    assert event(message("/delete", forward_origin=origin)) == Said(
        "/delete", message="7", elsewhere="forwarded"
    )
    hidden = {"type": "hidden_user", "date": 0, "sender_user_name": "Kim"}
    assert event(message("look", forward_origin=hidden)) == Said("look", message="7", elsewhere="forwarded")


def test_ones_own_words_passed_on_stay_ones_own():
    origin = {"type": "user", "date": 0, "sender_user": SAM}
    assert event(message("look", forward_origin=origin)) == said("look")
