"""Who sees which numbers: true ones, or with small ones hidden; and from when."""

from conversations.consultations.consultation import Consultation
from conversations.core.person import Person
from conversations.results.counting import (
    Results,
    hide_small,
)
from conversations.team.rights import Rights


def sees_true(person: Person) -> bool:
    """Whether somebody sees the true counts; others see them with small numbers hidden."""
    return person.may(Rights.SEE_TRUE_COUNTS)


def is_shown(about: Consultation, person: Person) -> bool:
    """Whether there is something to see. Where numbers are hidden, only once nothing is added to them any more:
    one more answer would show what one more person said.
    """
    return about.state not in (
        {"draft", "scheduled"} if sees_true(person) else {"draft", "scheduled", "open"}
    )


def shown(results: Results, person: Person, smallest: int) -> Results:
    """The results as this person may see them."""
    return results if sees_true(person) else hide_small(results, smallest)
