"""Telegram accepts whatever somebody writes: escaped, split if too long, and nothing lost."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.core.messages import Attachment, Choice, Link, Say
from handlers.telegram import render
from handlers.telegram.render import NOTHING, caption_and_messages, clean, keyboard, messages
from tests.botapi import shapes
from tests.botapi.api import Api
from tests.botapi.chats import Chats
from tests.botapi.text import message_text, units

SAM = 700001


def telegram():
    """The double's own judgement, without the wire."""
    chats = Chats({"id": 1, "is_bot": True, "first_name": "Heard", "username": "heard_test_bot"})
    chats.person(SAM, "en", "Sam")
    return Api(chats, 15.0)


def shown(payloads):
    """The messages as a phone shows them, after the double's checks."""
    api = telegram()
    sent = []
    for payload in payloads:
        checked = shapes.check("sendMessage", {"chat_id": SAM, **payload}, {})
        checked.pop("link_preview_options")
        sent.append(api.sendMessage(**checked))
    return sent


def shown_caption(payload):
    api = telegram()
    file = api.chats.keep_file(b"picture").json["file_id"]
    return api.sendPhoto(**shapes.check("sendPhoto", {"chat_id": SAM, "photo": file, **payload}, {}))


# -- what is said ------------------------------------------------------------------------------------------


def test_the_progress_comes_first_and_the_heading_is_bold():
    (message,) = messages(
        Say("How safe do you feel?", heading="Buses & trains", progress=(2, 5)), "{n} z {total}"
    )
    assert message["text"] == "2 z 5\n<b>Buses &amp; trains</b>\nHow safe do you feel?"
    assert message["parse_mode"] == "HTML"
    assert message["link_preview_options"] == {"is_disabled": True}
    assert "reply_markup" not in message


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "<3", "a & b &lt;", "_*[x](y)", "</b>", "1 < 2 > 0", "&#60;b&#62;"]
)
def test_markup_characters_are_shown_as_typed(text):
    (message,) = shown(messages(Say(text, heading=text)))
    assert message["text"] == f"{text}\n{text}"
    assert [entity["type"] for entity in message["entities"]] == ["bold"]


def test_overrides_are_removed_so_that_no_text_is_reversed():
    assert clean("good \u202enight\u202c \u202aa\u202bb\u202dc") == "good night abc"


def test_paired_isolates_stay():
    said = "Hello \u2068سارة\u2069, \u2067a \u2066b\u2069\u2069!"
    assert clean(said) == said
    assert clean("\u2067open") == "open"
    assert clean("shut\u2069 \u2068x\u2069") == "shut \u2068x\u2069"
    assert clean("\u2068one line\nthe next\u2069") == "one line\nthe next"


def test_invalid_characters_are_removed():
    assert clean("a\x00b\x07c\ud83dd\x9fe") == "abcde"
    assert clean("one\r\ntwo\u2028three\u2029four\x0bfive") == "one\ntwo\nthree\nfour\nfive"
    assert clean("Zażółć 😀 👩‍👧 سلام\u200f") == "Zażółć 😀 👩‍👧 سلام\u200f"


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "\u200b\u200f", "\u2067", "\ud800", "\u3164", "\u00ad"])
def test_an_invisible_message_gets_a_visible_text(text):
    (message,) = shown(messages(Say(text)))
    assert message["text"] == NOTHING
    assert caption_and_messages(Say(text)) == ({}, ())


# -- long texts --------------------------------------------------------------------------------------------


def test_4096_units_are_one_message_and_4097_are_two():
    assert len(messages(Say("x" * 4096))) == 1
    assert [len(message["text"]) for message in messages(Say("x" * 4097))] == [4096, 1]
    assert len(messages(Say("😀" * 2048))) == 1
    assert [units(message["text"]) for message in messages(Say("😀" * 2049))] == [4096, 2]


def test_escaping_does_not_count():
    assert len(messages(Say("&" * 4096))) == 1


def test_a_long_text_is_split_between_paragraphs_lines_or_words():
    paragraphs = "\n\n".join(["word " * 300] * 5).strip()
    parts = [message["text"] for message in messages(Say(paragraphs))]
    assert [len(part) for part in parts] == [1499 * 2 + 3, 1499 * 2 + 3, 1499]
    lines = "\n".join(["y" * 99] * 60)
    assert [message["text"].count("\n") for message in messages(Say(lines))] == [39, 19]
    words = "seven77 " * 1000
    assert all(re.fullmatch("(seven77 )*seven77", message["text"]) for message in messages(Say(words)))


def test_a_word_that_just_fits_is_not_cut():
    words = "x" * 4090 + " " + "y" * 5 + " " + "z" * 10
    assert [message["text"][-1] for message in messages(Say(words))] == ["y", "z"]


def test_a_long_heading_is_bold_in_every_part():
    parts = messages(Say("body", heading="h " * 3000))
    assert [part["text"].count("<b>") for part in parts] == [1, 1]
    assert parts[-1]["text"].endswith("h</b>\nbody")
    shown(parts)


def test_an_isolate_that_is_cut_apart_turns_nothing_in_either_part():
    parts = messages(Say("\u2067" + "سلام " * 1000 + "\u2069"))
    assert len(parts) == 2
    assert not set("".join(part["text"] for part in parts)) & set("\u2067\u2069")


def test_buttons_are_under_the_last_part():
    parts = messages(Say("x" * 9000, rows=((Choice("0", "OK"),),), visit=7))
    assert ["reply_markup" in part for part in parts] == [False, False, True]


# -- buttons -----------------------------------------------------------------------------------------------


def test_buttons_carry_their_visit_and_show_their_ticks():
    rows = (
        (Choice("0", "Safe 😀"), Choice("1", "Lights", ticked=True), Choice("2", "Benches", ticked=False)),
        (Link("The page", "https://heard.example.org/changed"),),
        (),
        (Choice("skip", "Skip", aside=True),),
    )
    assert keyboard(rows, 12) == {
        "inline_keyboard": [
            [
                {"text": "Safe 😀", "callback_data": "12:0"},
                {"text": "✓ Lights", "callback_data": "12:1"},
                {"text": "☐ Benches", "callback_data": "12:2"},
            ],
            [{"text": "The page", "url": "https://heard.example.org/changed"}],
            [{"text": "Skip", "callback_data": "12:skip"}],
        ]
    }
    assert keyboard((), 1) is None
    assert keyboard(((),), 1) is None


def test_a_label_is_cleaned_and_never_cut():
    long = "a very long label that somebody chose to write " * 5
    ((button,),) = keyboard(((Choice("0", f"{long}\n\u202e<b>\x00"),),), 1)["inline_keyboard"]
    assert button["text"] == f"{long}<b>"
    ((empty,),) = keyboard(((Choice("0", "\u200b"),),), 1)["inline_keyboard"]
    assert empty["text"] == NOTHING


def test_a_wide_row_becomes_several():
    drawn = keyboard((tuple(Choice(str(n), str(n)) for n in range(11)),), 1)["inline_keyboard"]
    assert [len(row) for row in drawn] == [8, 3]


def test_a_button_that_telegram_would_reject_is_an_error_of_the_step():
    with pytest.raises(AssertionError, match="a key is short"):
        keyboard(((Choice("k" * 63, "A"),),), 1)
    with pytest.raises(AssertionError, match="pages"):
        keyboard(tuple((Choice(str(n), "A"),) for n in range(101)), 1)


# -- pictures ----------------------------------------------------------------------------------------------

CHART = Attachment("chart", {}, described="14 of 22 don't feel safe.")


def test_a_picture_has_its_words_and_its_description_under_it():
    caption, after = caption_and_messages(
        Say("What you said", heading="Buses", attachment=CHART, rows=((Choice("0", "OK"),),))
    )
    assert after == ()
    assert caption["caption"] == "<b>Buses</b>\nWhat you said\n\n14 of 22 don't feel safe."
    sent = shown_caption(caption)
    assert sent["caption"].startswith("Buses\nWhat you said")
    assert sent["reply_markup"]["inline_keyboard"][0][0]["text"] == "OK"


def test_words_too_long_for_a_caption_follow_the_picture_with_the_buttons():
    caption, after = caption_and_messages(Say("x" * 1025, rows=((Choice("0", "OK"),),)))
    assert caption == {}
    assert [("reply_markup" in message, len(message["text"])) for message in after] == [(True, 1025)]
    caption, after = caption_and_messages(Say("x" * 1024))
    assert (len(caption["caption"]), after) == (1024, ())
    assert caption_and_messages(Say("é" * 1024))[1] == ()
    assert caption_and_messages(Say("😀" * 512))[1] == ()
    assert caption_and_messages(Say("😀" * 513))[0] == {}


# -- anything at all ---------------------------------------------------------------------------------------

signs = st.one_of(
    st.characters(exclude_categories=()),
    st.sampled_from(
        "<>&\"'/_*[]()`\n\r\t \x00\u202e\u2066\u2067\u2068\u2069\u200b\u200f\u2028\ud83d😀é\u030a\u3000"
    ),
)
words = st.text(signs, max_size=40)
texts = st.one_of(words, st.builds(lambda word, times: word * times, words, st.integers(0, 400)))
choices = st.builds(
    Choice,
    key=st.text("abc0123456789", min_size=1, max_size=20),
    label=words,
    ticked=st.sampled_from([None, True, False]),
)
says = st.builds(
    Say,
    text=texts,
    heading=texts,
    progress=st.none() | st.tuples(st.integers(1, 99), st.integers(1, 99)),
    rows=st.lists(st.lists(choices, max_size=10).map(tuple), max_size=5).map(tuple),
    attachment=st.none() | st.builds(Attachment, name=st.just("chart"), about=st.just({}), described=words),
    visit=st.integers(0, 10**9),
)


def seen(text):
    """The readable rest of a text: no spaces, and no characters that Telegram or we remove."""
    return re.sub(
        "[\\s\u2066-\u2069\u030a\u0333\u033f\u200b-\u200f\u2000-\u200a\ufeff\x1c-\x1f]", "", clean(text)
    )


@given(says)
def test_telegram_takes_whatever_is_said_and_nothing_is_lost(say):
    progress = f"{say.progress[0]} of {say.progress[1]}" if say.progress else ""
    described = say.attachment.described if say.attachment else ""
    # An invisible part is left out.
    parts = [part for part in (progress, say.heading, say.text, described) if render._visible(clean(part))]
    wanted = seen("".join(parts))
    sent = shown(messages(say))
    arrived = seen("".join(message["text"] for message in sent))
    assert arrived in {wanted, NOTHING} if _faint(wanted) else arrived == wanted
    assert all(units(message["text"]) <= 4096 for message in sent)
    caption, after = caption_and_messages(say)
    shown_caption(caption)
    shown(after)


def _faint(text):
    """Whether it is invisible, though not empty."""
    return not any(sign.isprintable() and not sign.isspace() for sign in text)


@given(texts)
def test_the_shown_text_is_the_written_text(text):
    (whole, *_) = messages(Say(text))
    plain = unescape(whole["text"])
    assert message_text(whole["text"], "HTML").text in {message_text(plain, None).text, NOTHING}
    assert not set(plain) & set("\u202a\u202b\u202c\u202d\u202e\x00")
