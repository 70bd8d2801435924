"""The recipients of moved days and status changes: those who took part."""

from typing import Any

from sqlalchemy import Select, Table, func, select

from conversations.promises.messages import PROMISE_MOVED, STATUS_CHANGED
from storage.outcomes.recipients import to_those_who_took_part
from storage.tables import outcomes, parts, promise_moves, status_changes


def _rows(table: Table) -> Select[Any]:
    """Selects the table's ids with the consultation or issue, which may be that of a part's outcome."""
    of_part = table.outerjoin(parts, parts.c.id == table.c.part_id)
    of_outcome = of_part.outerjoin(outcomes, outcomes.c.id == parts.c.outcome_id)
    consultation = func.coalesce(table.c.consultation_id, outcomes.c.consultation_id)
    return select(table.c.id, consultation.label("consultation_id"), outcomes.c.issue_id).select_from(
        of_outcome
    )


MOVE_RECIPIENTS = to_those_who_took_part(PROMISE_MOVED, _rows(promise_moves))
STATUS_RECIPIENTS = to_those_who_took_part(STATUS_CHANGED, _rows(status_changes))
