"""Every sentence in every catalogue: none missing, none unused, and none hard to read."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import regex
from babel.messages.catalog import Catalog, Message

from bot.config.word_lists import load_guard
from conversations.flows import all_flows
from tests import words
from tests.reading import longest, sentences
from tests.reading import words as words_of

CATALOGUES = (*words.YOUNG_CATALOGUES, *words.STAFF_CATALOGUES)

ANSWER_MOST, MENU_MOST = 20, 30  # letters of a button
EMOJI = regex.compile(
    r"(?:[\p{Extended_Pictographic}--[\d©®™]]|\p{RI}\p{RI})[\p{EMod}\uFE0F\u200D]*", regex.V1
)
A_COMMAND = re.compile(r"(?<![\w/])/[a-z]+\b")

# Words that Heard never uses: those of software, those that push, and those that promise what isn't so.
NEVER = {
    "en": r"user|submit\w*|invalid|error|anonymous\w*|please note|local authority|LAC|CIC|round the clock",
    "pl": r"użytkowni\w+|nieprawidłow\w+|błęd\w+|anonimow\w+",
    "ar": r"المستخدم|مستخدم|خطأ|مجهول",
}
NEVER_TO_THE_YOUNG = r"please|thank you|awesome|great|amazing|hurry|quick"
EXPLAINED = {"en-easy": ("e.g.", "i.e.", "etc", "asap", "n't", "'m", "'ll", "'ve", "'re")}


@cache
def catalogue(name: str) -> Catalog:
    return words.catalogue(name)


@cache
def young() -> list[Message]:
    """The sentences of the code that young people may read."""
    return words.messages(words.sentences(staff=False))


@cache
def staff() -> list[Message]:
    """Those that only staff read."""
    return words.messages(words.sentences(staff=True))


def forms(message: Message) -> tuple[str, ...]:
    """A message's translation: one sentence, or one for each plural form."""
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (said,)


def source(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def key(message: Message) -> str:
    return source(message)[0]


def every(name: str) -> Iterator[tuple[Message, str]]:
    return ((message, said) for message in words.messages(catalogue(name)) for said in forms(message) if said)


def english() -> Iterator[str]:
    """All English that a young person may read, in each version."""
    yield from (said for message in young() for said in source(message))
    yield from (said for name in ("en-young", "en-easy") for _, said in every(name))


def values(sentence: str) -> Counter[str]:
    return Counter(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


# --- nothing missing, nothing old ---------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_sentence_is_said_in_every_catalogue(name):
    missing = [key(message) for message in words.messages(catalogue(name)) if not all(forms(message))]
    assert not missing, f"`make words` lists {len(missing)} for {name}"


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_has_the_sentences_of_the_code_and_no_others(name):
    in_code = {source(message) for message in (staff() if name in words.STAFF_CATALOGUES else young())}
    assert {source(message) for message in words.messages(catalogue(name))} == in_code, "run `make words`"


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_sentence_with_a_number_has_all_the_plural_forms_of_its_language(name):
    plurals = catalogue(name).num_plurals
    assert plurals == {"en": 2, "pl": 3, "ar": 6}[name[:2]]
    for message in words.messages(catalogue(name)):
        assert len(forms(message)) == (plurals if message.pluralizable else 1), key(message)


def test_the_listed_staff_files_exist():
    assert [place for place in words.STAFF if not (words.ROOT / place).exists()] == []


# --- nothing lost on the way --------------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_translation_keeps_every_value_and_invents_none(name):
    for message, said in every(name):
        wanted, found = values(source(message)[-1]), values(said)
        if message.pluralizable:  # "one thing" needs no {n}
            wanted, found = wanted - Counter(n=1), found - Counter(n=1)
        assert found == wanted, f"{key(message)!r} became {said!r}"


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_translation_keeps_commands_and_numbers_exactly(name):
    for message, said in every(name):
        for thing in (*A_COMMAND.findall(key(message)), *re.findall(r"\d+", key(message))):
            assert thing in said, f"{key(message)!r} became {said!r}"
        assert set(A_COMMAND.findall(said)) == set(A_COMMAND.findall(key(message))), said


@pytest.mark.parametrize("name", CATALOGUES)
def test_an_item_of_a_list_stays_one_and_nothing_has_stray_spaces(name):
    for message, said in every(name):
        assert said.startswith("· ") == key(message).startswith("· "), said
        assert said == said.strip(), said
        assert "  " not in said, said
        assert said.count("\n") == key(message).count("\n"), said


def test_every_command_that_a_sentence_names_is_one():
    known = {f"/{command}" for command in all_flows(load_guard()).commands}
    for message in (*young(), *staff()):
        assert set(A_COMMAND.findall(key(message))) <= known, key(message)


# --- how it is said -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CATALOGUES)
def test_forbidden_words_are_in_no_catalogue(name):
    never = re.compile(rf"\b(?:{NEVER[name[:2]]})\b", re.IGNORECASE)
    assert [said for _, said in every(name) if never.search(said)] == []


def test_english_has_no_words_of_software_and_cheers_nobody():
    never = re.compile(rf"\b(?:{NEVER['en']}|{NEVER_TO_THE_YOUNG})\b|!", re.IGNORECASE)
    assert [said for said in english() if never.search(said)] == []
    software = re.compile(rf"\b(?:{NEVER['en']})\b", re.IGNORECASE)
    assert [key(message) for message in staff() if software.search(key(message))] == []


def test_easy_read_shortens_no_word():
    staff_too = said_by_staff()
    for message, said in every("en-easy"):
        if key(message) not in staff_too:
            assert not any(short in said.lower() for short in EXPLAINED["en-easy"]), said


@pytest.mark.parametrize("name", CATALOGUES)
def test_an_emoji_stands_at_the_end_of_a_line_after_a_word(name):
    for _, said in every(name):
        for line in said.splitlines():
            assert one_emoji_at_most(line), line


def one_emoji_at_most(line: str) -> bool:
    """At most one, at the end of its line, and never alone. The marks around a value are ignored."""
    line = line.replace("\u2068", "").replace("\u2069", "")
    found = EMOJI.findall(line)
    return not found or (len(found) == 1 and line.endswith(found[0]) and line != found[0])


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("Safe 😀", True),
        ("Safe", True),
        ("😀", False),
        ("😀 Safe", False),
        ("Safe 😀😀", False),
        ("1 is hard", True),
    ],
)
def test_the_rule_for_emojis_finds_violations(line, right):
    assert one_emoji_at_most(line) == right


def test_no_sentence_of_the_normal_or_the_short_version_has_more_than_25_words():
    normal = [said for message in young() for said in source(message)]
    short = [said for _, said in every("en-young")]
    assert [said for said in (*normal, *short) if len(words_of(longest(said))) > 25] == []


def test_no_sentence_of_easy_read_has_more_than_15_words():
    assert [said for _, said in every("en-easy") if len(words_of(longest(said))) > 15] == []


def test_polish_and_arabic_are_no_longer_than_they_need_to_be():
    for name in ("pl", "ar"):
        assert [said for _, said in every(name) if len(words_of(longest(said))) > 25] == []


def test_two_short_sentences_count_as_two():
    assert sentences("I am Heard. I ask.\n· One thing\n· Another") == [
        "I am Heard.",
        "I ask.",
        "· One thing",
        "· Another",
    ]


# --- buttons ------------------------------------------------------------------------------------------


@cache
def labels() -> frozenset[tuple[str, bool]]:
    """Every message that the code uses as a button label, and whether the button is a command."""
    return frozenset(_labels())


def _labels() -> Iterator[tuple[str, bool]]:
    for path in sorted((words.ROOT / "conversations").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Choice" and len(node.args) > 1:
                command = ast.unparse(node.args[0]).lstrip("f").startswith("'/")
                yield from ((label, command) for label in _messages_in(node.args[1]))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Command", "HomeButton"}:
                values = [keyword.value for keyword in node.keywords if keyword.arg == "label"]
                yield from ((label, True) for value in values for label in _messages_in(value))


def _messages_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "N_", "_.many"}:
            yield from (
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )


def test_buttons_are_found_in_the_code():
    assert {("Not now", False), ("Settings", True), ("I'm OK, go on", False)} <= labels()


@pytest.mark.parametrize("name", ["en", *CATALOGUES])
def test_a_button_is_short_in_every_language(name):
    said = (
        {key(message): forms(message) for message in words.messages(catalogue(name))} if name != "en" else {}
    )
    long_enough = said_by_staff()
    for label, command in labels():
        most = MENU_MOST if command or label in long_enough else ANSWER_MOST
        for shown in said.get(label, (label,) if name == "en" else ()):
            assert len(regex.findall(r"\X", shown)) <= most, f"{label!r} is {shown!r} in {name}"


def said_by_staff() -> set[str]:
    """Messages for staff only, also those in files with young people's."""
    return {key(message) for message in staff()} - {key(message) for message in young()}


def test_the_catalogues_are_where_they_are_read():
    files = {path.stem for path in Path(words.LOCALE).glob("*.po")}
    assert files == set(CATALOGUES)
