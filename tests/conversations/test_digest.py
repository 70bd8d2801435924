"""Digests: several pieces of news as one message, and the time of the weekly one."""

from datetime import UTC, datetime

import pytest

from bot.config.catalogues import load_library
from conversations.broadcasts.digest import bundle, opening_command
from conversations.changes.messages import OUTCOME
from conversations.consultations.messages import INVITATION
from conversations.core.config import next_weekly
from conversations.core.messages import Choice, Say
from conversations.promises.messages import STATUS_CHANGED
from tests.house import LONDON, sample_rules

WORDS = load_library(LONDON).words("en", None)


def at(*when):
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(2026, 12, 1, 16), at(2026, 12, 4, 16)),
        (at(2026, 12, 4, 16), at(2026, 12, 4, 16)),
        (at(2026, 12, 4, 16, 1), at(2026, 12, 11, 16)),
        (at(2026, 3, 27, 17), at(2026, 4, 3, 15)),  # the clocks go forward on the 29th
    ],
)
def test_the_weekly_moment_is_friday_at_four_on_the_teams_clock(now, then):
    assert next_weekly(now, sample_rules()) == then


def test_pieces_are_numbered_and_the_longest_is_only_named_if_there_is_no_room():
    long = Say("x" * 2900, heading="Buses: here is what happened.")
    short = Say("It has closed.", heading="Hub: here is how it goes.")
    other = Say("It is done. " * 10, heading="Park: here is how it goes.")
    say = bundle(((long, "/changed 1"), (short, ""), (other, "/changed 2")), WORDS)
    assert say.text.split("\n\n")[0] == "1. Buses: here is what happened.\nTap 1 to read it."
    assert "2. Hub: here is how it goes.\nIt has closed." in say.text
    assert [[(one.key, one.label) for one in row] for row in say.rows] == [
        [("/changed 1", "1"), ("/changed 2", "3")],
        [("/settings", "Fewer messages")],
    ]
    assert long.text in bundle(((long, "/changed 1"), (short, "")), WORDS).text


def test_a_piece_is_opened_by_its_own_button_and_an_outcome_in_full():
    aside, own = Choice("/settings", "Fewer messages", aside=True), Choice("/say 3", "Have your say")
    assert opening_command(INVITATION, 3, Say("", rows=((aside,), (own,)))) == "/say 3"
    assert (
        opening_command(OUTCOME, 7, Say("", rows=((Choice("/changed", "See all changes"),),))) == "/changed 7"
    )
    assert opening_command(STATUS_CHANGED, 1, Say("", rows=((aside,),))) == ""


def test_a_question_in_a_digest_can_be_answered_there():
    answers = (Choice("/right 7 yes", "You got it right"), Choice("/right 7 no", "Not really"))
    outcome = Say(
        "Did we get it right?", heading="Buses", rows=(answers, (Choice("/changed", "See all changes"),))
    )
    say = bundle(((Say("It is done.", heading="Park"), "/changed 2"), (outcome, "/changed 7")), WORDS)
    assert [(one.key, one.label) for one in say.rows[1]] == [
        ("/right 7 yes", "2: You got it right"),
        ("/right 7 no", "2: Not really"),
    ]
