"""The recipients of revisits: those who took part."""

from sqlalchemy import select

from conversations.followup.messages import REVISIT
from storage.outcomes.recipients import to_those_who_took_part
from storage.tables import outcomes, parts, revisits

REVISIT_RECIPIENTS = to_those_who_took_part(
    REVISIT,
    select(revisits.c.id, outcomes.c.consultation_id, outcomes.c.issue_id)
    .join(parts, parts.c.id == revisits.c.part_id)
    .join(outcomes, outcomes.c.id == parts.c.outcome_id),
)
