"""Checks the conditions of the survey sheet: each must be valid, and refer only to earlier questions."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from conversations.consultations.conditions import faults_of, names_in
from conversations.consultations.workbook import Problem
from conversations.core.i18n import N_
from handlers.files.xlsform.survey import SurveyItem

_CIRCLE = N_('This condition and "{name}" wait for each other. Let one of them stand alone.')
_LATER = N_('This condition looks at "{name}", which is asked later. Move that question up.')


def problems_of_conditions(rows: Sequence[SurveyItem], known: Collection[str]) -> Iterator[Problem]:
    """The problems of all conditions. `known` are the names of all questions, even unsupported ones, so that one
    mistake is not reported twice.
    """
    places = {each.name: place for place, each in reversed(list(enumerate(rows)))}
    needs = {each.name: _needs(each) for each in rows}
    told: set[int] = set()
    for place, each in enumerate(rows):
        for row, condition in each.relevant:
            if row.number not in told:
                told.add(row.number)
                yield from _fault_problems("relevant", row.number, condition, known)
                held = {other.name for other in rows if (row, condition) in other.relevant}
                yield from _order_problems("relevant", row.number, condition, place, held, places, needs)
        if written := each.row.text("constraint"):
            yield from _fault_problems("constraint", each.row.number, written, known)
            beside = {name: at for name, at in places.items() if name != each.name}
            yield from _order_problems(
                "constraint", each.row.number, written, place, {each.name}, beside, needs
            )


def _needs(each: SurveyItem) -> frozenset[str]:
    conditions = [condition for _row, condition in each.relevant]
    named = frozenset(name for condition in conditions for name in names_in(condition))
    return named | (names_in(each.row.text("constraint")) - {each.name})


def _fault_problems(column: str, row: int, condition: str, known: Collection[str]) -> Iterator[Problem]:
    for fault in faults_of(condition, known):
        yield Problem("survey", row, column, fault.words, fault.values)


def _order_problems(
    column: str,
    row: int,
    condition: str,
    place: int,
    held: Collection[str],
    places: Mapping[str, int],
    needs: Mapping[str, frozenset[str]],
) -> Iterator[Problem]:
    """References to later questions, and circles. `held` are the questions that depend on this condition: one, or all
    of a group.
    """
    for name in sorted(names_in(condition)):
        if places.get(name, -1) < place:
            continue
        words = _CIRCLE if name in held or _all_needs(name, needs) & set(held) else _LATER
        yield Problem("survey", row, column, words, {"name": name})


def _all_needs(name: str, needs: Mapping[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = needs.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return found
