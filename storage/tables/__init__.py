"""All tables. What people wrote is sealed; addresses are sealed and hashed."""

from storage.tables.asking import answers, consultations, kept_counts, quotes, taking_part
from storage.tables.closing import (
    approvals,
    filings,
    outcomes,
    parts,
    pictures,
    promise_moves,
    status_changes,
    writers,
)
from storage.tables.columns import Id, Moment, metadata
from storage.tables.everybody import (
    doors,
    invites,
    people,
    roles,
    rota,
    sessions,
    team_names,
    team_rules,
    updates,
    ways,
)
from storage.tables.posting import broadcasts, heartbeats, outbox, tokens
from storage.tables.raising import case_words, cases, issue_entries, issues, news, waves
from storage.tables.records import audit, audit_head, keeping, noted, retired_keys, seals
from storage.tables.since import judgements, revisit_answers, revisits

__all__ = [
    "Id",
    "Moment",
    "answers",
    "approvals",
    "audit",
    "audit_head",
    "broadcasts",
    "case_words",
    "cases",
    "consultations",
    "doors",
    "filings",
    "heartbeats",
    "invites",
    "issue_entries",
    "issues",
    "judgements",
    "keeping",
    "kept_counts",
    "metadata",
    "news",
    "noted",
    "outbox",
    "outcomes",
    "parts",
    "people",
    "pictures",
    "promise_moves",
    "quotes",
    "retired_keys",
    "revisit_answers",
    "revisits",
    "roles",
    "rota",
    "seals",
    "sessions",
    "status_changes",
    "taking_part",
    "team_names",
    "team_rules",
    "tokens",
    "updates",
    "waves",
    "ways",
    "writers",
]
