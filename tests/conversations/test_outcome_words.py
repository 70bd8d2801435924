"""What an outcome sounds like."""

from datetime import UTC, date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from conversations.effects import Part
from conversations.outcome_words import Outcome, OwnWords, outcome_heading, outcome_text
from conversations.words import Words

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
BUSES = Outcome(
    id=1,
    consultation=1,
    title={"en": "Buses after school", "pl": "Autobusy po szkole"},
    parts=(
        Part(
            "14 of 22 of you don't feel safe waiting at the stop on London Road.",
            "it's the dark, not the bus",
            "will",
            "put two lamps at the stop",
            owner="Highways",
            due=date(2027, 3, 31),
        ),
        Part(
            "The 16 should run later.",
            "",
            "cant",
            "run the 16 later than 21:00",
            because="there are four people on it after 20:30",
        ),
    ),
    who="the councillor for transport",
    published=datetime(2026, 12, 18, 16, 0, tzinfo=UTC),
)


def test_an_outcome_says_what_was_heard_and_done_and_why_not():
    assert outcome_heading(BUSES, EN) == "Buses after school: here is what happened."
    assert outcome_text(BUSES, OwnWords("Not very safe", "more lights at the stop"), EN) == (
        "You said: 14 of 22 of you don't feel safe waiting at the stop on London Road.\n"
        "(You chose: Not very safe.)\n"
        '(You wrote: "more lights at the stop".)\n'
        "We heard: it's the dark, not the bus.\n"
        "We will: put two lamps at the stop.\n"
        "Who: Highways.\n"
        "By: 31 March 2027.\n"
        "\n"
        "You said: The 16 should run later.\n"
        "We can't: run the 16 later than 21:00.\n"
        "Because: there are four people on it after 20:30.\n"
        "\n"
        "Decided by the councillor for transport, 18 December 2026."
    )


def test_somebody_elses_copy_holds_nobodys_own_words():
    assert "You wrote" not in outcome_text(BUSES, None, EN)
    assert "You chose" not in outcome_text(BUSES, OwnWords(), EN)


def test_a_long_answer_is_shortened_to_one_line():
    text = outcome_text(BUSES, OwnWords(wrote="lights\n\n" + "and more lights " * 20), EN)
    line = next(line for line in text.splitlines() if "You wrote" in line)
    assert len(line) < 110
    assert "…" in line
