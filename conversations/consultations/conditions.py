"""Evaluates the conditions of a form, and finds what is wrong with them on import."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache

from elementpath import XPathContext
from elementpath.exceptions import ElementPathError
from elementpath.xpath_tokens import XPathToken

from conversations.consultations import safe_regex
from conversations.consultations.expressions import FUNCTIONS, OPERATOR_WORDS, REFERENCE, VARIABLE, parse
from conversations.consultations.form import Answers, Value
from conversations.consultations.safe_regex import OutOfTime
from conversations.core.i18n import N_
from conversations.core.record import Record, field

MOST_LETTERS = 1000
_MOST_DEPTH = 60  # every level costs some calls of Python's stack, at each evaluation
_MOST_BRACKETS = 20

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"([^\W\d][\w.:-]*)\s*\(")


class ConditionError(Record):
    """Why a condition, or another cell of a form, is rejected: a catalogue message and its values."""

    words: str
    values: Mapping[str, str] = field(default_factory=dict)


def holds(
    expression: str,
    answers: Answers,
    *,
    today: date,
    current: Value | None = None,
    written: Collection[str] = (),
    unsure: bool = False,
) -> bool:
    """Whether a condition is true of these answers; `current` is what "." stands for.

    A question without an answer is "". A condition that cannot be evaluated (division by zero) is false, and one
    whose pattern takes too long is `unsure`; nothing is raised. The expression must have passed `faults_of`.

    Results are cached, unless the condition looks at free text: the answers to the questions `written`, and
    the current answer.
    """
    names = names_in(expression)
    given = tuple([(name, _xpath_value(answers.get(name))) for name in names])
    evaluate = _is_true_cached if current is None and names.isdisjoint(written) else _is_true
    try:
        return evaluate(expression, given, _xpath_value(current), today)
    except OutOfTime:  # and never cached
        return unsure


def _is_true(
    expression: str, given: tuple[tuple[str, str | int], ...], current: str | int, today: date
) -> bool:
    token = parse(expression)
    context = XPathContext(
        item=current,
        variables={f"{VARIABLE}{name}": value for name, value in given},
        current_dt=datetime.combine(today, time()),
    )
    try:
        return bool(token.boolean_value(token.select(context)))
    except (ElementPathError, ArithmeticError):
        return False


_is_true_cached = lru_cache(maxsize=4096)(_is_true)


@lru_cache(maxsize=1024)
def names_in(expression: str) -> frozenset[str]:
    """The names of the questions that an expression looks at."""
    return frozenset(REFERENCE.findall(expression))


def faults_of(expression: str, known: Collection[str]) -> tuple[ConditionError, ...]:
    """Everything that is wrong with a condition. `known` are the names that it may look at."""
    bare = _QUOTED.sub("''", expression)
    faults = tuple(_faults_on_sight(expression, bare))
    if not faults:
        try:
            faults = tuple(_faults_of_tree(parse(expression)))
        except (ElementPathError, RecursionError, ArithmeticError, ValueError):
            faults = (
                ConditionError(N_("I can't read this condition. Check its brackets, quotes and commas.")),
            )
    unknown = sorted(names_in(bare) - set(known))
    return faults + tuple(
        ConditionError(N_('There is no question called "{name}".'), {"name": name}) for name in unknown
    )


def _faults_on_sight(expression: str, bare: str) -> Iterator[ConditionError]:
    if len(expression) > MOST_LETTERS:
        yield ConditionError(
            N_("This condition is too long. Keep it to {most} letters."), {"most": str(MOST_LETTERS)}
        )
        return
    if re.search("[‘’“”]", bare):
        yield ConditionError(N_("Use straight quotes (') in a condition, not curly ones."))
    if _depth_of_brackets(bare) > _MOST_BRACKETS:
        yield ConditionError(N_("This condition has too many brackets inside each other."))
    for name in sorted(names_in(expression) - names_in(bare)):
        yield ConditionError(N_("Take away the quotes around {name}."), {"name": f"${{{name}}}"})
    for name in sorted(set(_CALL.findall(bare)) - OPERATOR_WORDS - FUNCTIONS):
        yield ConditionError(
            N_('I can\'t work out "{name}" yet. I know these: {known}.'),
            {"name": f"{name}()", "known": ", ".join(sorted(FUNCTIONS))},
        )


def _depth_of_brackets(bare: str) -> int:
    depth = deepest = 0
    for sign in bare:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest


def _faults_of_tree(root: XPathToken) -> Iterator[ConditionError]:
    waiting = [(root, 1)]
    while waiting:
        token, depth = waiting.pop()
        if depth > _MOST_DEPTH:
            yield ConditionError(N_("This condition has too many parts. Split it over several questions."))
            return
        yield from _faults_of_token(token)
        waiting += [(part, depth + 1) for part in token if token.symbol != "$"]


def _faults_of_token(token: XPathToken) -> Iterator[ConditionError]:
    if token.symbol == "(name)" or (token.symbol == "$" and not str(token.value).startswith(VARIABLE)):
        yield _fault_of_name(str(token.value))
    if token.symbol == "*" and len(token) != 2:
        yield ConditionError(N_("I can't read this condition. Check its brackets, quotes and commas."))
    if token.symbol == "regex":
        yield from _faults_of_pattern(token[1])


def _fault_of_name(name: str) -> ConditionError:
    if name in FUNCTIONS:
        return ConditionError(
            N_('Write brackets after "{name}": {example}.'), {"name": name, "example": f"{name}()"}
        )
    values = {"name": name, "example": f"${{{name}}}"}
    return ConditionError(N_('Write "{name}" as {example}, or put quotes around it.'), values)


def _faults_of_pattern(token: XPathToken) -> Iterator[ConditionError]:
    if token.symbol != "(string)":
        yield ConditionError(N_("Write the pattern of regex() itself, in quotes."))
    elif not safe_regex.is_readable(str(token.value)):
        yield ConditionError(N_("I can't read the pattern of regex(), or it is too big. Make it simpler."))
    elif not safe_regex.is_quick(str(token.value)):
        yield ConditionError(N_("The pattern of regex() could take for ever. Make it simpler."))


def _xpath_value(value: Value | None) -> str | int:
    match value:
        case None | False:
            return ""
        case True:
            return "OK"  # what XLSForm stores for an acknowledgement
        case tuple():
            return " ".join(value)
        case _:
            return value
