"""Text in a language that no list covers: the detector tells it, and seldom takes English for it."""

import tomllib
from pathlib import Path

import pytest

from bot.config.languages import load_language_share
from conversations.safeguarding.detector import is_unread
from tests.house import as_text
from tests.lookout import lookout

HERE = Path(__file__).parent
OTHERS = tomllib.loads((HERE / "other_languages.toml").read_text("utf-8"))
OURS = tomllib.loads((HERE / "danger_sentences.toml").read_text("utf-8"))
LISTED = lookout().signs.languages
UNREAD = "I can't tell from your words here if you need help"


def unread(text: str) -> bool:
    return is_unread(text, LISTED, load_language_share())


def test_a_list_covers_english_and_polish():
    assert {"en", "pl"} == LISTED


@pytest.mark.parametrize("language", OTHERS)
def test_most_of_what_is_written_in_another_language_is_told(language):
    lines = OTHERS[language].strip().splitlines()
    assert len(lines) == 20
    assert sum(map(unread, lines)) >= 15


def test_nine_of_ten_are_told_over_all_languages():
    lines = [line for block in OTHERS.values() for line in block.strip().splitlines()]
    assert sum(map(unread, lines)) >= 0.9 * len(lines)


def test_at_most_two_in_a_hundred_ordinary_lines_are_taken_for_another_language():
    lines = OURS["innocent"].strip().splitlines()
    short = [line for line in lines if len(line) < 60]
    assert len(short) > 100
    assert sum(map(unread, short)) <= 0.02 * len(short)


@pytest.mark.parametrize(
    "text", ["", " ", "dwi ddim yn", "ok", "🙂" * 5, "a b c d e", "\ud800 x y z w", "\n\n", "?! " * 9]
)
def test_a_few_words_and_signs_are_not_judged(text):
    assert not unread(text)


def test_a_hundred_kilobytes_are_looked_at_in_part():
    assert unread("tatal meu ma bate cand vine acasa " * 3000)


async def test_its_writer_reads_so_once_in_a_sitting_and_the_lead_finds_it(house):
    young = house.person()
    await young.joins()
    for _ in range(2):
        await young.types("tatal meu ma bate cand vine acasa beat")
    assert sum(UNREAD in say.text for say in young.heard) == 1
    lead = await house.staff("safeguarding", "lead")
    await lead.types("/cases")
    await lead.taps("2 texts to read")
    assert "I couldn't look at it: I don't know its language." in lead.sees
    assert "tatal" not in "\n".join(as_text(say) for say in lead.heard)
