"""When a promise is kept, and what everybody reads about it: both sides, without small numbers."""

from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from conversations.core.i18n import Words
from conversations.followup.rounds import ruling
from conversations.outcomes.standing import PromiseStatus, standing_text

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("owner", "says", "ruled"),
    [
        ("yes", {}, "kept"),
        ("yes", {"unsure": 4}, "kept"),
        ("yes", {"yes": 1}, "kept"),
        ("yes", {"no": 1}, "again"),
        ("yes", {"yes": 2, "no": 1}, "kept"),
        ("yes", {"yes": 1, "no": 1, "partly": 1}, "again"),
        ("yes", {"yes": 2, "no": 2}, "again"),
        ("partly", {}, "again"),
        ("partly", {"yes": 2}, "again"),
        ("partly", {"yes": 3}, "kept"),
        (None, {}, "again"),
        (None, {"yes": 3, "no": 2}, "kept"),
    ],
)
def test_most_of_three_or_nobody_against_a_yes_keeps_a_promise(owner, says, ruled):
    assert ruling(owner, says) == ruled


DONE = "The council says it is done."


@pytest.mark.parametrize(
    ("counts", "people"),
    [
        ({}, ""),
        ({"no": 2}, ""),
        ({"no": 2, "unsure": 9}, ""),
        ({"no": 2, "partly": 1, "yes": 2}, "Most people who could tell say: partly, or no."),
        ({"no": 6, "partly": 1, "yes": 6}, "7 of 13 people who could tell say: partly, or no."),
        ({"no": 7, "yes": 5}, "Most people who could tell say: partly, or no."),
        ({"no": 7}, "7 of 7 people who could tell say: partly, or no."),
        ({"yes": 9, "no": 6}, "9 of 15 people who could tell say: yes."),
        ({"yes": 9, "no": 1}, "Most people who could tell say: yes."),
        ({"yes": 5}, "Most people who could tell say: yes."),
        ({"yes": 6}, "6 of 6 people who could tell say: yes."),
    ],
)
def test_both_sides_are_said_and_no_number_under_the_small_one(counts, people):
    standing = PromiseStatus(owner="yes", counts=counts, asked=True, over=True)
    assert standing_text(standing, 6, EN) == " ".join(filter(None, (DONE, people)))


def test_a_team_cannot_set_the_small_number_to_nothing():
    standing = PromiseStatus(owner="yes", counts={"no": 4}, asked=True, over=True)
    assert standing_text(standing, 0, EN) == f"{DONE} Most people who could tell say: partly, or no."


def test_while_people_answer_nothing_is_shown_of_their_answers():
    assert standing_text(PromiseStatus(owner="yes", counts={"no": 9}, asked=True), 6, EN) == DONE


def test_nothing_is_said_if_nobody_answered():
    assert standing_text(PromiseStatus(), 6, EN) == ""


def test_the_end_and_the_councils_comment_are_said():
    kept = PromiseStatus(owner="yes", note="since March", ended="kept", over=True)
    assert standing_text(kept, 6, EN) == f'{DONE} It adds: "since March" This promise is kept.'
    closed = PromiseStatus(owner="no", reason="The library was sold.", ended="said")
    said = "The council says it isn't done yet. It is closed. The reason: The library was sold."
    assert standing_text(closed, 6, EN) == said
    assert not kept.open
    assert not closed.open
