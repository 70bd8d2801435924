"""The helplines: the right ones for each age, and never a question or a false promise."""

import re
from gettext import NullTranslations
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.i18n import Words
from conversations.core.person import BANDS
from conversations.safeguarding.detector import KINDS
from conversations.safeguarding.help.ways import (
    CHILDLINE,
    DEFAULTS,
    SAMARITANS,
    Helplines,
    help_links,
)
from conversations.safeguarding.helplines import (
    support_text,
    unreadable_text,
)
from tests.house import sample_rules

WORDS = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
TEAM = "youthvoice@sampleshire.example"
UNREADABLE = ("voice", "photo", "video", "sticker", "file", "location", "contact", "other")


for_band = Helplines().for_band


def support(kind="suicide", age_band="16-17", *, informed="lead", team_line=TEAM, **more):
    more |= {"kind": kind, "age_band": age_band, "informed": informed, "team_line": team_line}
    return support_text(WORDS, helplines=for_band(age_band), **more)


EVERY_SUPPORT = [
    support(kind, band, informed=informed, whose=whose, denied=denied)
    for kind, band, informed, whose, denied in product(
        KINDS, (*BANDS, None), ("lead", "team", "nobody"), ("own", "other"), (True, False)
    )
]
EVERY_UNREADABLE = [
    unreadable_text(WORDS, kind, for_band(band)) for kind, band in product(UNREADABLE, (*BANDS, None))
]


def test_the_text_is_the_one_that_was_agreed():
    assert support() == (
        "I'm a bot, and what you wrote matters more than my questions. You deserve a real person to talk to.\n"
        "· In danger now: call 999.\n"
        "· Childline: 0800 1111, free, any time, any age up to 18.\n"
        "· Text SHOUT to 85258, free, any time.\n"
        "· Our team, when we're at work: youthvoice@sampleshire.example\n"
        "I've told the person in our team who keeps young people safe that someone may need help. "
        "What you wrote is not in my message to them. They can read it if they need to. "
        "They may not be at work now, so don't wait for them."
    )


@pytest.mark.parametrize("band", [*BANDS, None])
def test_999_comes_first_and_shout_is_there_at_every_age(band):
    names = [line.name for line in for_band(band)]
    assert names[0] == "999"
    assert "Shout" in names


def test_childline_is_for_all_up_to_18_and_samaritans_for_adults():
    assert {band for band in BANDS if CHILDLINE in for_band(band)} == set(BANDS) - {"26plus"}
    assert {band for band in BANDS if SAMARITANS in for_band(band)} == {"18-25", "26plus", "unsaid"}


def test_somebody_whose_age_is_unknown_gets_every_line():
    assert for_band(None) == for_band("unsaid") == DEFAULTS


def test_the_youngest_hear_of_an_adult_they_trust():
    assert "an adult you trust" in support(age_band="under10")
    assert "an adult you trust" not in support(age_band="16-17")


def test_it_never_claims_that_somebody_was_told_if_nobody_was():
    for text in (text for text in EVERY_SUPPORT if "I've told" not in text):
        assert text.endswith("Nobody watches this chat all the time, so don't wait here for an answer.")
    assert "told" not in support(informed="nobody")
    assert len([text for text in EVERY_SUPPORT if "I've told" in text]) * 3 == len(EVERY_SUPPORT) * 2


def test_the_lead_is_mentioned_only_if_they_were_alerted():
    assert "keeps young people safe" not in support(informed="team")
    assert "I've told somebody in our team that someone may need help." in support(informed="team")


def test_nothing_asks_a_question_that_somebody_might_feel_they_must_answer():
    for text in (*EVERY_SUPPORT, *EVERY_UNREADABLE):
        assert "?" not in text.replace("Can't speak?", "")


def test_if_the_danger_may_be_in_the_room_there_is_a_silent_way_to_call():
    quiet = {kind for kind in KINDS if "press 55" in support(kind)}
    assert quiet == {"abuse", "exploitation", "violence", "unsafe_now"}


def test_worry_about_somebody_else_gets_words_of_its_own():
    assert "A real person can help them, and help you too." in support(whose="other")


def test_a_denied_sign_is_answered_without_claiming_to_know():
    assert "I can't always tell what someone means" in support(denied=True)
    assert "0800 1111" in support(denied=True)


def test_without_a_line_of_its_own_the_team_is_left_out():
    assert "Our team" not in support(team_line=None)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable_messages_are_answered_with_the_helplines(kind):
    text = unreadable_text(WORDS, kind, DEFAULTS)
    assert text.startswith("I ")
    assert all(line.number in text and line.text_number in text for line in DEFAULTS)


PUBLIC = "https://heard.sampleshire.example"


def test_a_channel_that_dials_gets_calls_and_the_word_filled_in():
    links = help_links(for_band("16-17"), WORDS, WEB, sample_rules())
    assert [(link.label, link.address) for link in links] == [
        ("Call 999", "tel:999"),
        ("Call Childline", "tel:08001111"),
        ("Text SHOUT", "sms:85258?&body=SHOUT"),
        ("Chat online: Childline", CHILDLINE.chat),
    ]


def test_another_channel_gets_our_page_in_the_readers_words_with_the_chat_as_it_is():
    easy = Words("pl", "easy", NullTranslations(), ZoneInfo("Europe/London"))
    links = help_links(for_band("16-17"), easy, TELEGRAM, sample_rules(public_url=PUBLIC))
    page = f"{PUBLIC}/help?lang=pl&version=easy"
    assert [link.address for link in links] == [
        f"{page}#tel-999",
        f"{page}#tel-08001111",
        f"{page}#sms-85258",
        CHILDLINE.chat,
    ]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "https://localhost", "https://heard", "http://heard.example"]
)
def test_there_are_no_buttons_to_a_page_that_a_phone_cannot_open(address):
    assert help_links(DEFAULTS, WORDS, TELEGRAM, sample_rules(public_url=address)) == ()


def test_each_button_stands_for_a_line_of_the_text():
    text = support("abuse").split("\n")
    assert all(link.line in text for link in help_links(for_band("16-17"), WORDS, WEB, sample_rules()))


def test_sentences_are_short():
    for text in (*EVERY_SUPPORT, *EVERY_UNREADABLE):
        for sentence in re.split(r"(?<=[.:?])\s+|\n", text):
            assert len(sentence.split()) <= 25, sentence
