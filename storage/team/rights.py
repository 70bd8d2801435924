"""Who on the team has a right."""

from sqlalchemy import ColumnElement, Select, exists, select

from conversations.core.person import Right
from storage.core.unit_of_work import Db
from storage.tables import roles


def gives(right: Right) -> ColumnElement[bool]:
    """Whether a row of `roles` gives this right."""
    return roles.c.role.in_(sorted(right.roles))


def who_may(right: Right) -> Select[tuple[int]]:
    """Selects the ids of all who have this right, each once."""
    return select(roles.c.person_id).where(gives(right)).distinct().order_by(roles.c.person_id)


def may(db: Db, person: int, right: Right) -> bool:
    """Whether a member has this right by one of their roles."""
    return bool(db.run(select(exists().where(roles.c.person_id == person, gives(right)))).scalar())
