"""The rules for who sees true numbers, who sees them with small ones hidden, and when."""

from conversations.consultations.consultation import Consultation
from conversations.core.person import Person
from conversations.results.counting import (
    Results,
    hide_small,
)
from conversations.team.rights import Rights


def sees_true(person: Person) -> bool:
    """Whether somebody sees true counts; everybody else sees them with small numbers hidden."""
    return person.may(Rights.SEE_TRUE_COUNTS)


def is_shown(about: Consultation, person: Person) -> bool:
    """Whether this person may see results yet. Those who see hidden numbers wait until answering is over; before that,
    a change in the numbers would reveal one person's answer.
    """
    return about.state not in (
        {"draft", "scheduled"} if sees_true(person) else {"draft", "scheduled", "open"}
    )


def visible_results(results: Results, person: Person, smallest: int) -> Results:
    """The results as this person may see them."""
    return results if sees_true(person) else hide_small(results, smallest)
