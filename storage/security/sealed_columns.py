"""Every column that is sealed or hashed with the data key: what a change of keys must go through.

A new one has its line here; a test fails on a column of bytes that has none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column

from conversations.core.record import record
from storage import tables
from storage.consultations import answers
from storage.followup import responses as revisiting
from storage.followup import status as standings
from storage.followup import verdicts as judging
from storage.issues import issues
from storage.issues import threads as issue_threads
from storage.outbox import outbox
from storage.outcomes import outcomes, pictures
from storage.people import people
from storage.promises import history as since
from storage.safeguarding import cases
from storage.security import audit_log as audit
from storage.security import key_checks as seals
from storage.team import members as team

Values = Mapping[str, Any]


@record
class Sealed:
    """A sealed column, and the place that each of its values is sealed for, from the row's other values by name.
    `hashed` is the column of the same row that holds the keyed hash of the same value, if there is one.
    """

    column: Column[bytes]
    place: Callable[[Values], str]
    hashed: Column[bytes] | None = None
    piece: int = 500  # values in one transaction: turns go on between two


def _answer(row: Values) -> str:
    return answers.place(row["person_id"], row["consultation_id"], row["question"])


SEALED = (
    Sealed(
        tables.doors.c.address,
        lambda row: people.place(row["kind"], row["address_hash"]),
        tables.doors.c.address_hash,
    ),
    Sealed(tables.team_names.c.sealed, lambda row: team.place(row["person_id"])),
    Sealed(tables.answers.c.sealed, _answer),
    Sealed(tables.outbox.c.sealed, lambda row: outbox.place(row["once"])),
    Sealed(tables.outcomes.c.sealed, lambda row: outcomes.place("outcomes", row["id"])),
    Sealed(tables.parts.c.sealed, lambda row: outcomes.place("parts", row["id"])),
    Sealed(tables.promise_moves.c.sealed, lambda row: since.place(tables.promise_moves, row["id"])),
    Sealed(tables.status_changes.c.sealed, lambda row: since.place(tables.status_changes, row["id"])),
    Sealed(tables.approvals.c.sealed, lambda row: outcomes.place("approvals", row["id"])),
    Sealed(tables.pictures.c.sealed, lambda row: pictures.place(row["outcome_id"]), piece=10),
    Sealed(tables.issues.c.sealed, lambda row: issues.place(row["id"])),
    Sealed(tables.issue_entries.c.sealed, lambda row: issue_threads.place(row["id"])),
    Sealed(tables.revisits.c.sealed, lambda row: standings.place(row["id"])),
    Sealed(
        tables.revisit_answers.c.sealed,
        lambda row: revisiting.place(row["person_id"], row["revisit_id"]),
    ),
    Sealed(tables.judgements.c.sealed, lambda row: judging.place(row["person_id"], row["outcome_id"])),
    Sealed(tables.cases.c.address, lambda row: cases.place(row["id"])),
    Sealed(tables.audit_head.c.sealed, lambda _row: audit.PLACE),
    Sealed(tables.retired_keys.c.sealed, lambda row: seals.place(row["key"])),
)

# Hashes of values that nobody has any more, so that they cannot be made anew: storage/security/key_checks.py keeps what it takes
# to know them again.
ONLY_HASHED = (
    tables.people.c.return_hash,
    tables.invites.c.token_hash,
    tables.quotes.c.hashed,
    tables.audit.c.stamp,
)

# What says which keys there are.
OF_KEYS = (tables.seals.c.key, tables.seals.c.sample, tables.retired_keys.c.key)
