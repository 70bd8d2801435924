"""The conditions of a form: their meaning, and what is rejected."""

import itertools
import time
from datetime import date

import pytest
from elementpath import XPathContext
from elementpath.xpath1 import XPath1Parser
from hypothesis import given
from hypothesis import strategies as st

from conversations.consultations import expressions, safe_regex
from conversations.consultations.conditions import ConditionError, faults_of, holds, names_in

TODAY = date(2026, 11, 22)
KNOWN = {"age", "name", "likes", "ok"}
UNREADABLE = "I can't read this condition. Check its brackets, quotes and commas."


def true(expression, current=None, **answers):
    assert faults_of(expression, KNOWN | answers.keys()) == ()
    return holds(expression, answers, today=TODAY, current=current)


def said(fault: ConditionError) -> str:
    return fault.words.format(**fault.values) if fault.values else fault.words


@pytest.mark.parametrize(
    ("expression", "answers"),
    [
        ("${name} = 'Sam'", {"name": "Sam"}),
        ("${name} != 'Sam'", {}),
        ("${age} = 17", {"age": 17}),
        ("${age} = '17'", {"age": 17}),
        ("${name} = 17", {"name": " 17 "}),
        ("${age} >= 16 and ${age} < 18", {"age": 17}),
        ("${name} < 18", {"name": "9"}),
        ("${age} = 1 or ${age} = 2", {"age": 2}),
        ("not(${age} > 3)", {}),
        ("${age}-1 = 1", {"age": 2}),
        ("${age} * 2 + 1 = 7 div 1", {"age": 3}),
        ("${age} mod 2 = 1", {"age": 3}),
        ("-${age} < 0", {"age": 3}),
        ("selected(${likes}, 'art')", {"likes": ("music", "art")}),
        ("selected(${name}, 'art')", {"name": "art"}),
        ("not(selected(${likes}, 'ar'))", {"likes": ("art",)}),
        ("count-selected(${likes}) = 2", {"likes": ("music", "art")}),
        ("count-selected(${likes}) = 0", {}),
        ("${likes} = 'music art'", {"likes": ("music", "art")}),
        ("${ok} = 'OK'", {"ok": True}),
        ("${ok} = ''", {"ok": False}),
        ("${ok} = true()", {"ok": True}),
        ("${ok} = false()", {}),
        ("if(${age} > 17, 'old', 'young') = 'young'", {"age": 12}),
        ("if(${name}, true(), false())", {"name": "x"}),
        ("string-length(${name}) = 3", {"name": "Sam"}),
        ("string-length(${name}) = 0", {}),
        ("regex(${name}, '[A-Z][a-z]+')", {"name": "Sam"}),
        ("not(regex(${name}, '[a-z]'))", {"name": "sam"}),
        ("today() = '2026-11-22'", {}),
        ("today() < date('2026-12-01') and today() > '2026-11-21'", {}),
        ("today() + 7 = date('2026-11-29')", {}),
        ("date(${name}) = ''", {"name": "2026-02-30"}),
        ("string(today()) = '2026-11-22'", {}),
        ("contains(${name}, 'a') and starts-with(${name}, 'S')", {"name": "Sam"}),
        ("number(${name}) = 3", {"name": "3"}),
        ("round(2.6) = 3 and floor(2.6) = 2 and ceiling(2.1) = 3", {}),
        ("concat(${name}, ' ', 'A') = 'Sam A'", {"name": "Sam"}),
        ("substring(${name}, 1, 2) = 'Sa'", {"name": "Sam"}),
        ("normalize-space(${name}) = 'a b'", {"name": " a  b "}),
        ("${ age } = 3", {"age": 3}),
        ("${ok.a-b} = 3", {"ok.a-b": 3}),
        ("${count} = ${if}", {"count": 1, "if": 1}),
        ('${name} = "it\'s"', {"name": "it's"}),
    ],
)
def test_a_condition_means_what_xlsform_says(expression, answers):
    assert true(expression, **answers)


@pytest.mark.parametrize(
    "expression",
    [
        "${age} = 3",
        "${age} < 3",
        "${age} > 3",
        "${name} = 'x'",
        "selected(${likes}, 'x')",
        "${ok} = 'OK'",
        "${age}",
    ],
)
def test_an_unanswered_question_is_empty(expression):
    assert not true(expression)


def test_the_dot_is_the_answer_that_is_being_given():
    assert true(". > 3 and . < 10", current=5)
    assert true("regex(., '[0-9]{3}')", current="123")
    assert true("count-selected(.) <= 2", current=("a", "b"))
    assert not true("string-length(.) > 3", current="abc")


@pytest.mark.parametrize("expression", ["5 mod ${age} = 1", "number('x') = ${age}"])
def test_a_condition_that_cannot_be_evaluated_is_false(expression):
    assert not true(expression, age=0)


def test_names_are_found_wherever_they_stand():
    assert names_in("${a} = 1 and selected(${ b }, 'x') or not(${a})") == {"a", "b"}


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("${nobody} = 1", 'There is no question called "nobody".'),
        ("age > 3", 'Write "age" as ${age}, or put quotes around it.'),
        ("$age > 3", 'Write "age" as ${age}, or put quotes around it.'),
        ("${age} = true", 'Write brackets after "true": true().'),
        ("'${age}' = 3", "Take away the quotes around ${age}."),
        ("${name} = ‘Sam’", "Use straight quotes (') in a condition, not curly ones."),
        ("regex(., '[')", "I can't read the pattern of regex(), or it is too big. Make it simpler."),
        ("regex(., '((a{1000}){1000}){1000}')", "I can't read the pattern of regex(), or it is too big. Make it simpler."),
        (f"regex(., '{'a' * 201}')", "I can't read the pattern of regex(), or it is too big. Make it simpler."),
        ("regex(., '(a|aa)+')", "The pattern of regex() could take for ever. Make it simpler."),
        ("regex(., '([a-z]|[a-z0-9]|[a-f])*')", "The pattern of regex() could take for ever. Make it simpler."),
        ("regex(., ${name})", "Write the pattern of regex() itself, in quotes."),
        ("(" * 21 + "1" + ")" * 21, "This condition has too many brackets inside each other."),
        (" or ".join(["${age} = 1"] * 70), "This condition has too many parts. Split it over several questions."),
        ("1 = 1" + " " * 1000, "This condition is too long. Keep it to 1000 letters."),
    ],
)  # fmt: skip
def test_an_unsupported_condition_says_what_to_do(expression, words):
    assert [said(fault) for fault in faults_of(expression, KNOWN)] == [words]


@pytest.mark.parametrize(
    "expression",
    [
        "", " ", "(", ")", "'", "${age} =", "= 3", "1 2", "${age} == 3", "${age} eq 3", "${age", "$", "*", "1 * * 2",
        "if(1, 2)", "not()", "selected(${likes})", "true(1)", "concat('x')", "${age}(1)",
        "../age = 1", "/data/age = 1", "//age", "age[1]", "@age", "self::age", "child::age", "a:b", "..",
        "1 | 2", "{", "#", "(: word :) 1 = 1", "-" * 900 + "1", "1.2.3",
    ],
)  # fmt: skip
def test_an_invalid_condition_is_reported(expression):
    assert [fault.words for fault in faults_of(expression, KNOWN)] == [UNREADABLE]


@pytest.mark.parametrize(
    "expression",
    [
        "count(.)",
        "position()",
        "jr:choice-name(1, 2)",
        "now()",
        "pulldata('a', 'b')",
        "text()",
        "node()",
        "once(1)",
    ],
)
def test_a_function_that_is_not_here_is_named(expression):
    (fault,) = faults_of(expression, KNOWN)
    assert said(fault).startswith(f'I can\'t work out "{expression.split("(")[0]}()" yet.')


def test_every_problem_of_a_condition_is_reported_at_once():
    assert len(faults_of("foo(${x}) = bar(${y}) and ‘z’", KNOWN)) == 5


def test_the_library_s_own_parser_is_left_as_it_was():
    context = XPathContext(item="", variables={"a": "3"})
    assert XPath1Parser().parse("$a = 3").evaluate(context) is False
    assert "selected" not in XPath1Parser.symbol_table


SLOW = [f"regex(${{name}}, '(-|--)+{n}')" for n in range(200)]  # pass the import: no probe looks like a line
LINE = {"name": "-" * 60 + "!"}


def test_the_import_cannot_find_every_slow_pattern():
    assert faults_of(SLOW[0], KNOWN) == ()


def test_a_pattern_that_takes_too_long_is_neither_true_nor_false():
    assert not holds(SLOW[0], LINE, today=TODAY)
    assert not holds(f"not({SLOW[0]})", LINE, today=TODAY)
    assert holds(SLOW[0], LINE, today=TODAY, unsure=True)


def test_what_was_unsure_is_not_remembered():
    with safe_regex.one_turn(itertools.count().__next__):  # the first match spends all of the time
        assert not holds("regex(${name}, 'a')", {"name": "b"}, today=TODAY)
        assert not holds("regex(${name}, '[A-Z]am')", {"name": "Sam"}, today=TODAY)
    assert holds("regex(${name}, '[A-Z]am')", {"name": "Sam"}, today=TODAY)


def test_all_patterns_of_a_turn_share_one_time(monkeypatch):
    tried, compile_pattern = [], safe_regex._compile
    monkeypatch.setattr(
        safe_regex, "_compile", lambda pattern: tried.append(pattern) or compile_pattern(pattern)
    )
    with safe_regex.one_turn(time.thread_time):
        assert not any(holds(one, LINE, today=TODAY) for one in SLOW)
    assert 1 <= len(tried) <= 20
    with safe_regex.one_turn(time.thread_time):
        assert holds("regex(${name}, '-+!')", LINE, today=TODAY)


def test_a_condition_is_read_once_however_often_it_is_asked():
    expression = "${name} = 'Sam' and (selected(${likes}, 'art') or string-length(.) < 20)"
    answers = {"name": "Sam", "likes": ("music", "art")}
    holds(expression, answers, today=TODAY)
    before = expressions.parse.cache_info().misses
    for n in range(200):
        holds(expression, answers | {"name": str(n)}, today=TODAY)
    assert expressions.parse.cache_info().misses == before


# --- whatever is written --------------------------------------------------------------------------

_ATOMS = st.sampled_from(
    [
        "${age}",
        "${name}",
        "${likes}",
        "${ok}",
        ".",
        "1",
        "0",
        "2.5",
        "'x'",
        "''",
        "'2026-01-01'",
        "today()",
        "true()",
    ]
)


def _grown(inner):
    pairs = st.tuples(
        inner, st.sampled_from(["=", "!=", "<", ">=", "+", "-", "*", "div", "mod", "and", "or"]), inner
    )
    calls = st.tuples(
        st.sampled_from(["not({})", "string({})", "number({})", "round({})", "count-selected({})", "date({})", "-({})",
                         "selected({}, 'x')", "regex({}, '[a-z]*')", "if({}, 1, 'x')", "concat({}, 'y')"]),
        inner,
    )  # fmt: skip
    return pairs.map(lambda parts: f"({' '.join(parts)})") | calls.map(lambda call: call[0].format(call[1]))


_VALUES = st.one_of(
    st.integers(-(10**9), 10**9),
    st.text(max_size=20),
    st.booleans(),
    st.lists(st.text("ab", min_size=1)).map(tuple),
)


@given(
    expression=st.recursive(_ATOMS, _grown, max_leaves=8),
    answers=st.dictionaries(st.sampled_from(sorted(KNOWN)), _VALUES),
    current=st.none() | _VALUES,
)
def test_a_condition_that_was_taken_in_never_raises(expression, answers, current):
    if not faults_of(expression, KNOWN):
        assert holds(expression, answers, today=TODAY, current=current) in {True, False}


@given(st.lists(st.sampled_from([*"${}()'\"=<>+-*/.,[]@:| a1", "${age}", "and ", "not("]), max_size=60))
def test_nothing_that_is_written_makes_the_check_stumble(pieces):
    expression = "".join(pieces)
    faults = faults_of(expression, KNOWN)
    assert faults or holds(expression, {}, today=TODAY) in {True, False}
