"""The book of all that storage can look up for a step and carry out for a turn."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conversations.core.messages import Session
from conversations.general.facts import MyData
from storage.broadcasts import held, recipients
from storage.broadcasts import progress as announced
from storage.changes import published as changed
from storage.consultations import consultations
from storage.consultations import lifecycle as lives
from storage.consultations import responses as sheets
from storage.core.dispatch import BatchLoaders, Handlers, Kept, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hook, Hooks
from storage.followup import own_responses as own_after
from storage.followup import reports as after
from storage.followup import responses as revisiting
from storage.followup import revisits
from storage.followup import schedule as revisit_clock
from storage.followup import verdicts as judging
from storage.involvement import ways
from storage.issues import counts as raised
from storage.issues import deadlines as reply_clock
from storage.issues import inbox, issues
from storage.issues import surges as waves
from storage.news import news
from storage.outbox import preferences, threads
from storage.outcomes import approvals as approving
from storage.outcomes import drafts as writing
from storage.outcomes import outcomes, publishing
from storage.outcomes import tags as filing
from storage.people import choices, people
from storage.people import return_codes as returning
from storage.promises import promises
from storage.promises import reminders as promise_clock
from storage.promises import updates as promising
from storage.results import quotes
from storage.results import responses as results
from storage.safeguarding import cases
from storage.team import members as team
from storage.team import team_rules as working

HANDLERS: Handlers = {
    **announced.HANDLERS,
    **choices.HANDLERS,
    **preferences.HANDLERS,
    **threads.HANDLERS,
    **ways.HANDLERS,
    **consultations.HANDLERS,
    **team.HANDLERS,
    **sheets.HANDLERS,
    **returning.HANDLERS,
    **cases.HANDLERS,
    **writing.HANDLERS,
    **publishing.HANDLERS,
    **approving.HANDLERS,
    **quotes.HANDLERS,
    **lives.HANDLERS,
    **promising.HANDLERS,
    **results.HANDLERS,
    **working.HANDLERS,
    **after.HANDLERS,
    **judging.HANDLERS,
    **revisiting.HANDLERS,
    **held.HANDLERS,
    **issues.HANDLERS,
    **news.HANDLERS,
    **inbox.HANDLERS,
}


def _in_order(*subjects: Hooks) -> Mapping[type, Sequence[Hook]]:
    """All that these subjects do when something happens, one after the other."""
    together: dict[type, list[Hook]] = {}
    for hooks in subjects:
        for happens, hook in hooks.items():
            together.setdefault(happens, []).append(hook)
    return together


# What later subjects do when an earlier one says that something happens: one after the other, in their order.
HOOKS = _in_order(
    cases.HOOKS,
    lives.HOOKS,
    reply_clock.HOOKS,
    writing.HOOKS,
    publishing.HOOKS,
    promise_clock.HOOKS,
    revisit_clock.HOOKS,
    news.HOOKS,
    recipients.HOOKS,
)

# What is kept of a person: each has its field in MyData.
KEPT: Kept = {
    **people.KEPT,
    **team.KEPT,
    **cases.KEPT,
    **sheets.KEPT,
    **quotes.KEPT,
    **own_after.KEPT,
    **issues.KEPT,
    **ways.KEPT,
    **threads.KEPT,
}


def my_data(db: Db, door: Door, _session: Session) -> MyData:
    """Everything that is kept of whoever is at this door."""
    found: dict[str, Any] = {name: look_up(db, door.person.id) for name, look_up in KEPT.items()}
    return MyData(**found)


FACTS: Loaders = {
    MyData: my_data,
    **announced.FACTS,
    **preferences.FACTS,
    **ways.FACTS,
    **consultations.FACTS,
    **team.FACTS,
    **sheets.FACTS,
    **changed.FACTS,
    **filing.FACTS,
    **cases.FACTS,
    **outcomes.FACTS,
    **quotes.FACTS,
    **lives.FACTS,
    **promises.FACTS,
    **results.FACTS,
    **working.FACTS,
    **after.FACTS,
    **judging.FACTS,
    **revisits.FACTS,
    **held.FACTS,
    **issues.FACTS,
    **news.FACTS,
    **inbox.FACTS,
    **waves.FACTS,
    **reply_clock.FACTS,
    **raised.FACTS,
}


BATCH_LOADERS: BatchLoaders = {
    **sheets.BATCH_LOADERS,
    **changed.BATCH_LOADERS,
    **promises.BATCH_LOADERS,
    **revisits.BATCH_LOADERS,
}


def load_batch(
    db: Db, doors: Sequence[Door], session: Session, needs: Iterable[type]
) -> dict[int, dict[type, object]]:
    """The same for many people who are told the same thing, by their doors."""
    loaded: dict[int, dict[type, object]] = {door.id: {} for door in doors}
    for kind in needs:
        of_all = BATCH_LOADERS[kind](db, doors, session) if kind in BATCH_LOADERS else None
        for door in doors:
            loaded[door.id][kind] = of_all[door.id] if of_all else FACTS[kind](db, door, session)
    return loaded


def load(db: Db, door: Door, session: Session, needs: Iterable[type]) -> dict[type, object]:
    """The facts that a step named, and no others."""
    return {kind: FACTS[kind](db, door, session) for kind in needs}
