"""All files that register something with storage, in the order of subjects, and what they declare.

A file may declare HANDLERS of effects; FACTS and BATCH_LOADERS, which load what steps need; HOOKS for events of earlier
subjects; SEALED columns; and MY_DATA, what is kept about a person. A new file that does needs its line in SUBJECTS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from types import ModuleType
from typing import Any

from conversations.core.messages import Session
from conversations.general.facts import MyData, MyRows
from storage.broadcasts import held, progress, recipients
from storage.changes import published
from storage.consultations import answers, consultations, lifecycle, manage, responses, taking_back
from storage.core.dispatch import BatchLoaders, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.sealing import SealedColumns
from storage.core.unit_of_work import Db, Hook
from storage.corrections import correcting
from storage.corrections import published as corrected
from storage.followup import own_responses, reports, revisits, schedule, verdicts
from storage.followup import responses as revisit_responses
from storage.general import own_rows
from storage.involvement import ways
from storage.issues import counts, deadlines, inbox, issues, passing_on, surges
from storage.issues import threads as issue_threads
from storage.news import news
from storage.outbox import outbox, preferences, shown_words, threads
from storage.outcomes import approvals, drafts, history, outcomes, pictures, publishing, status, tags
from storage.people import choices, dormant, people, return_codes, sessions, using
from storage.promises import promises, reminders, updates
from storage.results import quotes, shown_counts
from storage.results import responses as result_responses
from storage.safeguarding import (
    case_entries,
    case_notices,
    case_register,
    case_threads,
    cases,
    casework,
    closing,
    escalation,
    handover,
    helplines,
    kept_back,
    marks,
    rota,
    words,
)
from storage.security import audit_log, key_checks
from storage.team import challenges, last_ones, members, passkeys, sign_in_links, sign_ins, team_rules

SUBJECTS: tuple[ModuleType, ...] = (
    *(audit_log, key_checks),
    *(people, choices, dormant, return_codes, sessions, using),
    *(outbox, preferences, threads, shown_words),
    *(last_ones, sign_ins, members, passkeys, challenges, sign_in_links, team_rules),
    *(
        cases,
        words,
        kept_back,
        marks,
        case_entries,
        case_notices,
        case_threads,
        casework,
        handover,
        closing,
        case_register,
        escalation,
        rota,
    ),
    helplines,
    *(consultations, manage, lifecycle, answers, responses, taking_back),
    *(result_responses, quotes, shown_counts),
    *(issues, issue_threads, passing_on, inbox, deadlines, surges, counts),
    *(outcomes, history, status, pictures, drafts, approvals, publishing, tags),
    *(promises, updates, reminders),
    *(schedule, verdicts, revisits, revisit_responses, reports, own_responses),
    published,
    news,
    *(corrected, correcting),
    ways,
    *(recipients, progress, held),
)


def _declarations(name: str) -> Iterator[tuple[Any, Any]]:
    """What all subjects declare under a name, in their order."""
    for subject in SUBJECTS:
        yield from getattr(subject, name, {}).items()


HANDLERS: Handlers = dict(_declarations("HANDLERS"))
BATCH_LOADERS: BatchLoaders = dict(_declarations("BATCH_LOADERS"))
MY_DATA: MyDataFields = dict(_declarations("MY_DATA"))


def _hooks() -> Mapping[type, Sequence[Hook]]:
    """All hooks by type of event, in the order of subjects."""
    together: dict[type, list[Hook]] = {}
    for happens, hook in _declarations("HOOKS"):
        together.setdefault(happens, []).append(hook)
    return together


HOOKS = _hooks()

# Every sealed column, for key rotation.
SEALED: SealedColumns = tuple(chain.from_iterable(getattr(subject, "SEALED", ()) for subject in SUBJECTS))


def my_data(db: Db, door: Door, _session: Session) -> MyData:
    """Everything that is kept about the person at this door, by field."""
    found: dict[str, Any] = {name: look_up(db, door.person.id) for name, look_up in MY_DATA.items()}
    return MyData(**found)


def my_rows(db: Db, door: Door, _session: Session) -> MyRows:
    """The same, row by row as it is stored."""
    return own_rows.rows_of(db, door.person.id, SEALED)


FACTS: Loaders = {MyData: my_data, MyRows: my_rows, **dict(_declarations("FACTS"))}


def load_batch(
    db: Db, doors: Sequence[Door], session: Session, needs: Iterable[type]
) -> dict[int, dict[type, object]]:
    """The facts that a message needs for many doors, by door id and type."""
    loaded: dict[int, dict[type, object]] = {door.id: {} for door in doors}
    for kind in needs:
        of_all = BATCH_LOADERS[kind](db, doors, session) if kind in BATCH_LOADERS else None
        for door in doors:
            loaded[door.id][kind] = of_all[door.id] if of_all else FACTS[kind](db, door, session)
    return loaded


def load(db: Db, door: Door, session: Session, needs: Iterable[type]) -> dict[type, object]:
    """The facts that a step needs, by type."""
    return {kind: FACTS[kind](db, door, session) for kind in needs}
