"""The language of conditions: XPath 1 without paths, parsed by elementpath, plus XLSForm's functions."""

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from elementpath import XPathContext
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_tokens import XPathFunction, XPathToken

from conversations.consultations import safe_regex

REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
VARIABLE = "q_"  # ${age} is parsed as the variable $q_age, so that no name clashes with an XPath keyword
OPERATOR_WORDS = frozenset({"and", "or", "div", "mod"})

_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_DAY = date(1970, 1, 1).toordinal()
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# fmt: off
_XPATH_FUNCTIONS = frozenset((
    "boolean", "ceiling", "concat", "contains", "false", "floor", "normalize-space", "not", "number", "round",
    "starts-with", "string", "string-length", "substring", "substring-after", "substring-before", "true",
))
_SIGNS = frozenset((
    "(start)", "(end)", "(string)", "(float)", "(decimal)", "(integer)", "(name)", "(invalid)", "(unknown)",
    "(", ")", ",", "$", ".", "+", "-", "*",
))
# fmt: on
FUNCTIONS = _XPATH_FUNCTIONS | {"if", "selected", "count-selected", "regex", "today", "date"}


class Day(int):
    """A date as XLSForm counts it, in days since 1970. Its text is ISO 8601: 2026-12-20."""

    def __str__(self) -> str:
        return date.fromordinal(self + _FIRST_DAY).isoformat()


@lru_cache(maxsize=1024)
def parse(expression: str) -> XPathToken:
    """The syntax tree of an expression. Raises ElementPathError, RecursionError, ArithmeticError or ValueError."""
    # The space after the name keeps "${a}-1" from being read as one name.
    return _Parser().parse(REFERENCE.sub(rf"${VARIABLE}\1 ", expression))


class _Parser(XPath1Parser):
    """XPath 1 without paths: only what a condition over answers needs."""

    symbol_table = {  # noqa: RUF012 -- the base class declares it without ClassVar
        symbol: token
        for symbol, token in XPath1Parser.symbol_table.items()
        if symbol in _SIGNS | OPERATOR_WORDS | _XPATH_FUNCTIONS
    }


# --- XLSForm's own functions, registered on the parser --------------------------------------------


@_Parser.method(_Parser.function("if", nargs=3))
def evaluate__if(self: XPathFunction, context: XPathContext | None = None) -> Any:
    holds_true = self.boolean_value(self[0].select(_require_context(self, context)))
    return self.get_argument(context, index=1 if holds_true else 2)


@_Parser.method(_Parser.function("selected", nargs=2))
def evaluate__selected(self: XPathFunction, context: XPathContext | None = None) -> bool:
    return _argument_text(self, context, 1).strip() in _argument_text(self, context, 0).split()


@_Parser.method(_Parser.function("count-selected", nargs=1))
def evaluate__count_selected(self: XPathFunction, context: XPathContext | None = None) -> int:
    return len(_argument_text(self, context, 0).split())


@_Parser.method(_Parser.function("regex", nargs=2))
def evaluate__regex(self: XPathFunction, context: XPathContext | None = None) -> bool:
    return safe_regex.matches(_argument_text(self, context, 1), _argument_text(self, context, 0))


@_Parser.method(_Parser.function("today", nargs=0))
def evaluate__today(self: XPathFunction, context: XPathContext | None = None) -> Day:
    return Day(_require_context(self, context).current_dt.toordinal() - _FIRST_DAY)


@_Parser.method(_Parser.function("date", nargs=1))
def evaluate__date(self: XPathFunction, context: XPathContext | None = None) -> Day | str:
    text = _argument_text(self, context, 0)
    days = _number(text) if _ISO_DAY.fullmatch(text) else math.nan
    return "" if math.isnan(days) else Day(days)


@_Parser.method(_Parser.infix("=", bp=30))
@_Parser.method(_Parser.infix("!=", bp=30))
@_Parser.method(_Parser.infix("<", bp=30))
@_Parser.method(_Parser.infix("<=", bp=30))
@_Parser.method(_Parser.infix(">", bp=30))
@_Parser.method(_Parser.infix(">=", bp=30))
def evaluate__comparison(self: XPathToken, context: XPathContext | None = None) -> bool:
    # elementpath says that '3' = 3 is false and fails on '' < 3; XPath 1 compares both as numbers.
    left, right = self.get_argument(context), self.get_argument(context, index=1)
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = self.boolean_value(left), self.boolean_value(right)
    elif self.symbol not in {"=", "!="} or not (isinstance(left, str) and isinstance(right, str)):
        left, right = _number(left), _number(right)
    return _OPERATORS[self.symbol](left, right)


def _require_context(token: XPathToken, context: XPathContext | None) -> XPathContext:
    if context is None:  # elementpath evaluates every expression without answers when it parses
        raise token.missing_context()
    return context


def _argument_text(token: XPathToken, context: XPathContext | None, index: int) -> str:
    return token.string_value(token.get_argument(_require_context(token, context), index=index))


def _number(value: Any) -> float:
    """Converts as XPath 1 does, and also reads an ISO date as its day, so that `today() < '2026-12-20'` works."""
    if not isinstance(value, str):
        return math.nan if value is None else float(value)
    text = value.strip()
    if _ISO_DAY.fullmatch(text):
        try:
            return float(date.fromisoformat(text).toordinal() - _FIRST_DAY)
        except ValueError:
            return math.nan
    return float(text) if _NUMBER.fullmatch(text) else math.nan
