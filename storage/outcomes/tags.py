"""Tags of published outcomes: themes and areas."""

from sqlalchemy import ColumnElement, func, select

from conversations.changes.facts import FiledBy, FilingCounts
from conversations.core.messages import Session
from conversations.outcomes.outcome import About
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.tables import filings, outcomes


def file(db: Db, outcome: int, about: About) -> None:
    """Tags an outcome with its subject's themes and area."""
    rows = [{"kind": "theme", "name": theme} for theme in about.themes]
    rows += [{"kind": "area", "name": about.area}] if about.area else []
    for row in rows:
        db.run(db.insert(filings).values(outcome_id=outcome, **row).on_conflict_do_nothing())


def is_filed_under(kind: FiledBy, name: str) -> ColumnElement[bool]:
    """Whether an outcome has this tag."""
    found = select(filings.c.outcome_id).where(filings.c.kind == kind, filings.c.name == name)
    return outcomes.c.id.in_(found)


def tag_counts(db: Db, _door: Door, _session: Session) -> FilingCounts:
    each = select(filings.c.kind, filings.c.name, func.count().label("n"))
    rows = db.run(each.group_by(filings.c.kind, filings.c.name)).all()
    themes, areas = ({row.name: row.n for row in rows if row.kind == kind} for kind in ("theme", "area"))
    return FilingCounts(themes, areas)


FACTS: Loaders = {FilingCounts: tag_counts}
