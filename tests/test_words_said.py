"""What Heard really says to a young person who visits every flow, in every language and version."""

import asyncio
import re
from collections.abc import Iterator
from itertools import chain

import pytest
import regex

from conversations.core.messages import Choice, Say
from tests import words
from tests.everything import SPOKEN, Walk, go_everywhere
from tests.house import sample_rules
from tests.reading import grade, longest, mean_length, syllables
from tests.reading import words as words_of
from tests.test_words import ANSWER_MOST, MENU_MOST, one_emoji_at_most

TEXT_MOST, QUESTION_MOST = 4096, 300
ISOLATED = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
LEFT = pytest.mark.left_to_all("what is said in other languages and versions")


def spoken_in(one: tuple[str, str], name: str):
    return pytest.param(one, id=name, marks=[LEFT] if one in {("en", "young"), ("pl", "normal")} else [])


ENGLISH = [spoken_in(one, one[1]) for one in SPOKEN if one[0] == "en"]
EVERY = [spoken_in(one, "-".join(one)) for one in SPOKEN]

# The walk must hear everything in these; the rest of the chat is for staff, or in an attachment.
HEARD_IN = (
    "broadcasts/digest",
    "changes/browse",
    "consultations/answer_parser",
    "consultations/kinds/",
    "consultations/respond/",
    "core/engine",
    "core/not_understood",
    "core/themes",
    "core/typed/labels",
    "followup/comments",
    "followup/own_responses",
    "followup/pulse",
    "followup/revisit.py",
    "followup/verdict",
    "general/my_data",
    "general/take_back",
    "general/withheld",
    "involvement/menu",
    "involvement/ways",
    "issues/inbox/quarterly_report",
    "issues/issue",
    "issues/raising/",
    "news/read.py",
    "outcomes/message",
    "outcomes/wording",
    "people/join",
    "people/leaving",
    "people/names",
    "people/privacy",
    "people/settings",
    "people/unsubscribe",
    "people/using",
    "promises/manage/notices",
    "results/quotes",
    "safeguarding/help/reply",
    "safeguarding/help/ways",
    "safeguarding/helplines",
    "safeguarding/support",
    "team/corrections",
)


class Walks(dict[tuple[str, str], Walk]):
    """Each walk by language and version, played when it is first needed."""

    def __init__(self, template: bytes) -> None:
        self.template = template

    def __missing__(self, spoken: tuple[str, str]) -> Walk:
        self[spoken] = asyncio.run(go_everywhere(*spoken, self.template))
        return self[spoken]


@pytest.fixture(scope="module")
def walks(empty_database: bytes) -> Walks:
    return Walks(empty_database)


def choices(say: Say) -> Iterator[Choice]:
    return (one for one in chain.from_iterable(say.rows) if isinstance(one, Choice))


def test_the_walk_hears_nearly_all_that_the_chat_can_say(walks):
    told = {
        message.id[0] if message.pluralizable else message.id
        for message in words.messages(words.sentences(staff=False))
        if any(place.removeprefix("conversations/").startswith(HEARD_IN) for place, _ in message.locations)
    }
    unheard = told.difference(*(walks[spoken].asked_for for spoken in (("en", "normal"), ("ar", "normal"))))
    assert len(unheard) < 0.1 * len(told), f"tests/everything.py goes past these: {sorted(unheard)}"


# --- every language -----------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", EVERY)
def test_a_message_fits_a_chat_and_a_question_a_screen(walks, spoken):
    for say in walks[spoken].says:
        assert len(f"{say.heading}\n{say.text}") <= TEXT_MOST
        if say.progress or (not say.heading and "\n" not in say.text):
            assert len(say.text) <= QUESTION_MOST, say.text


@pytest.mark.parametrize("spoken", EVERY)
def test_a_button_is_short(walks, spoken):
    for say in walks[spoken].says:
        for choice in choices(say):
            most = MENU_MOST if choice.key.startswith("/") else ANSWER_MOST
            assert len(regex.findall(r"\X", choice.label)) <= most, choice


@pytest.mark.parametrize("spoken", EVERY)
def test_an_emoji_stands_at_the_end_of_its_line_after_a_word(walks, spoken):
    for say in walks[spoken].says:
        for line in (say.heading, *say.text.splitlines(), *(choice.label for choice in choices(say))):
            assert one_emoji_at_most(line), line


@pytest.mark.parametrize("spoken", EVERY)
def test_no_value_is_left_unfilled(walks, spoken):
    for say in walks[spoken].says:
        assert not re.search(r"\{\w*\}", f"{say.heading}{say.text}"), say


def test_in_arabic_whatever_is_filled_in_is_kept_apart_from_the_sentence(walks):
    rules = sample_rules()
    foreign = (rules.organisation, rules.contact, "0800 1111", "85258", "116 123", "lamps")
    for say in (say for say in walks["ar", "normal"].says if say.language == "ar"):
        for line in f"{say.heading}\n{say.text}".splitlines():
            assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069")
            around = ISOLATED.sub("", line)
            assert not any(value in around for value in foreign), line


# --- how hard it is to read ---------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", ENGLISH)
def test_each_flow_is_easy_to_read(walks, spoken):
    for flow in walks[spoken].said:
        texts = walks[spoken].texts(flow)
        assert grade(texts) <= 6, flow
        assert mean_length(texts) <= 15, flow


@pytest.mark.parametrize("spoken", ENGLISH)
def test_no_sentence_is_long(walks, spoken):
    most = 15 if spoken[1] == "easy" else 25
    for text in chain.from_iterable(walks[spoken].texts(flow) for flow in walks[spoken].said):
        if _in_its_version(text, spoken[1]):
            assert len(words_of(longest(text))) <= most, longest(text)


def _in_its_version(text: str, version: str) -> bool:
    """Until a person chooses a version, Heard uses the normal one."""
    return version == "normal" or not text.startswith("Hi, I'm Heard.")


@LEFT
def test_reading_easier_is_easier(walks):
    def pooled(version: str) -> float:
        walk = walks["en", version]
        return grade(chain.from_iterable(walk.texts(flow) for flow in walk.said))

    assert pooled("easy") < pooled("young") < pooled("normal")


SYLLABLES = {"say": 1, "people": 2, "heard": 1, "asked": 1, "decided": 3, "questions": 2, "privacy": 3}
SYLLABLES |= {"councillor": 3, "isn't": 2, "don't": 1, "safe": 1, "language": 2, "table": 2, "you": 1}


@pytest.mark.parametrize("word", SYLLABLES)
def test_syllables_are_counted_as_in_a_dictionary(word):
    assert syllables(word) == SYLLABLES[word]


def test_the_grade_is_the_one_of_the_formula():
    # 6 words in 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59.
    assert grade(["The cat sat on the mat."]) == pytest.approx(-1.45)
