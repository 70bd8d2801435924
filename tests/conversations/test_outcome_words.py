"""The wording of an outcome, and the language in which a person reads it."""

from datetime import UTC, date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest

from conversations.core.i18n import Library, Words
from conversations.core.record import replace
from conversations.outcomes.outcome import (
    About,
    Outcome,
    Part,
    Picture,
    Quote,
    Subject,
    current_variants,
    outdated_variant,
    rewrite,
    with_variant,
)
from conversations.outcomes.wording import OwnWords, outcome_heading, outcome_text, reading_words

EN = Words("en", "normal", NullTranslations(), ZoneInfo("Europe/London"))
LIBRARY = Library({"en-easy": NullTranslations(), "pl": NullTranslations()}, ZoneInfo("Europe/London"))
BUSES = Outcome(
    id=1,
    about=About(Subject("consultation", 1), {"en": "Buses after school", "pl": "Autobusy po szkole"}),
    parts=(
        Part(
            you_said={"en": "14 of 22 of you don't feel safe waiting at the stop on London Road."},
            we_heard={"en": "it's the dark, not the bus"},
            decision="will",
            what={"en": "put two lamps at the stop"},
            owner={"en": "Highways"},
            due=date(2027, 3, 31),
        ),
        Part(
            you_said={"en": "The 16 should run later."},
            decision="cant",
            what={"en": "run the 16 later than 21:00"},
            because={"en": "there are four people on it after 20:30"},
        ),
    ),
    who={"en": "the councillor for transport"},
    published=datetime(2026, 12, 18, 16, 0, tzinfo=UTC),
)
NOTHING = OwnWords()


def test_an_outcome_says_what_was_heard_and_done_and_why_not():
    assert outcome_heading(BUSES, EN) == "Buses after school: here is what happened."
    own = (OwnWords("Not very safe"), OwnWords(wrote="more lights at the stop"))
    assert outcome_text(BUSES, own, EN) == (
        "You said: 14 of 22 of you don't feel safe waiting at the stop on London Road.\n"
        "(You chose: Not very safe.)\n"
        "We heard: it's the dark, not the bus.\n"
        "We will: put two lamps at the stop.\n"
        "Who: Highways.\n"
        "By: 31 March 2027.\n"
        "\n"
        "You said: The 16 should run later.\n"
        '(You wrote: "more lights at the stop")\n'
        "We can't: run the 16 later than 21:00.\n"
        "Because: there are four people on it after 20:30.\n"
        "\n"
        "Decided by the councillor for transport, 18 December 2026."
    )


def test_somebody_elses_copy_holds_nobodys_own_words():
    assert "You wrote" not in outcome_text(BUSES, (), EN)
    assert "You chose" not in outcome_text(BUSES, (NOTHING, NOTHING), EN)


def test_a_long_answer_is_shortened_to_one_line():
    own = (OwnWords(wrote="lights\n\n" + "and more lights " * 20), NOTHING)
    text = outcome_text(BUSES, own, EN)
    line = next(line for line in text.splitlines() if "You wrote" in line)
    assert len(line) < 110
    assert "…" in line


def test_a_quote_is_shown_under_its_part_while_its_consent_holds():
    quoted = (replace(BUSES.parts[0], quote=Quote(3, "it is so\ndark there")), BUSES.parts[1])
    text = outcome_text(replace(BUSES, parts=quoted), (), EN)
    assert text.splitlines()[1] == 'One of you wrote: "it is so dark there"'
    void = (replace(BUSES.parts[0], quote=Quote(3)), BUSES.parts[1])
    assert outcome_text(replace(BUSES, parts=void), (), EN) == outcome_text(BUSES, (), EN)


# --- in whose language ----------------------------------------------------------------------------


def translated(outcome: Outcome, variant: str, *, but: str = "") -> Outcome:
    """The outcome with every text in one more variant, except the named one."""

    def more(texts, name):
        return {**texts, variant: f"{variant} {name}"} if texts and name != but else texts

    parts = tuple(
        replace(
            part,
            **{
                name: more(part.text(name), f"{name}{n}")
                for name in ("you_said", "we_heard", "what", "because", "owner")
            },
        )
        for n, part in enumerate(outcome.parts)
    )
    picture = outcome.picture
    described = picture and replace(picture, described=more(picture.described, "picture"))
    return replace(outcome, parts=parts, who=more(outcome.who, "who"), picture=described)


@pytest.mark.parametrize(
    ("but", "language"),
    [("", "pl"), ("who", "en"), ("because1", "en"), ("you_said0", "en"), ("picture", "en")],
)
def test_it_is_read_in_a_language_wholly_or_not_at_all(but, language):
    with_picture = replace(BUSES, picture=Picture("d", {"en": "A lamp"}))
    polish = translated(with_picture, "pl", but=but)
    read = reading_words(polish, LIBRARY.words("pl", None), LIBRARY)
    assert read.language == language
    text = outcome_text(polish, (), read)
    assert ("pl " in text) == (language == "pl")
    assert ("it's the dark" in text) == (language == "en")


def test_a_reading_version_may_have_gaps_that_the_normal_text_fills():
    easy = translated(BUSES, "en-easy", but="what0")
    read = reading_words(easy, LIBRARY.words("en", "easy"), LIBRARY)
    assert (read.language, read.version) == ("en", "easy")
    text = outcome_text(easy, (), read)
    assert "en-easy you_said0" in text
    assert "We will: put two lamps at the stop." in text
    assert "en-easy" not in outcome_text(easy, (), EN)


def test_the_words_around_it_are_in_the_language_of_the_outcome_too():
    read = reading_words(BUSES, LIBRARY.words("pl", "normal"), LIBRARY)
    assert outcome_heading(BUSES, read) == "Buses after school: here is what happened."
    assert outcome_text(BUSES, (), read) == outcome_text(BUSES, (), EN)


# --- texts in variants ----------------------------------------------------------------------------


def test_changing_the_original_sets_its_translations_aside():
    texts = with_variant({"en": "two lamps"}, "pl", "dwie lampy")
    assert rewrite(texts, "en", "two lamps") == texts
    changed = rewrite(texts, "en", "three lamps")
    assert current_variants(changed) == {"en": "three lamps"}
    assert outdated_variant(changed, "pl") == "dwie lampy"
    again = rewrite(changed, "en", "four lamps")
    assert outdated_variant(again, "pl") == "dwie lampy"
    fits = with_variant(again, "pl", "cztery lampy")
    assert current_variants(fits) == {"en": "four lamps", "pl": "cztery lampy"}
    assert outdated_variant(fits, "pl") == ""
