"""The status of revisited promises: what the owner says, what participants say, and whether it is settled."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import Row, exists, func, select, update

from conversations.outcomes.standing import PromiseStatus, Says
from storage.core import json_codec
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db, Hooks
from storage.people.people import TakingAway
from storage.people.using import is_used
from storage.results import shown_counts
from storage.tables import parts, revisit_answers, revisits

# Whether a part is settled: participants say that it happened, or the team closed it with a reason.
SETTLED = (
    exists().where(revisits.c.part_id == parts.c.id, revisits.c.ended.in_(("kept", "said"))).correlate(parts)
)


def statuses(db: Db, part_ids: Collection[int]) -> dict[int, PromiseStatus]:
    """The status of these parts, by id, with true numbers; those without revisits are left out.

    It has the team's newest answer, and people's answers from the last finished round.
    """
    if not part_ids:
        return {}
    rows = db.run(select(revisits).where(revisits.c.part_id.in_(part_ids)).order_by(revisits.c.round)).all()
    asked = [row.id for row in rows if row.asked_at is not None]
    counts = counts_of(db, asked) | _frozen(db, asked)
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.part_id, []).append(row)
    return {part: _status(db, those, counts) for part, those in found.items()}


def _status(db: Db, rounds: Sequence[Row[Any]], counts: dict[int, dict[Says, int]]) -> PromiseStatus:
    said = next((row for row in reversed(rounds) if row.owner_says), None)
    over = next((row for row in reversed(rounds) if row.asked_at and row.state != "people"), None)
    last = rounds[-1]
    return PromiseStatus(
        owner=said.owner_says if said else None,
        counts=counts.get(over.id, {}) if over else {},
        note=texts(db, said).get("note", "") if said else "",
        reason=texts(db, last).get("reason", ""),
        asked=over is not None,
        over=over is not None,
        ended=last.ended if last.state == "closed" else None,
        smallest=db.rules.small_number,
    )


def counts_of(db: Db, ids: Collection[int]) -> dict[int, dict[Says, int]]:
    """True counts of people's answers, by revisit and answer."""
    of, says = revisit_answers.c.revisit_id, revisit_answers.c.says
    query = (
        select(of, says, func.count().label("n"))
        .where(of.in_(ids), is_used(revisit_answers.c.person_id))
        .group_by(of, says)
    )
    found: dict[int, dict[Says, int]] = {}
    for row in db.run(query) if ids else ():
        found.setdefault(row.revisit_id, {})[cast(Says, row.says)] = row.n
    return found


# --- as they are shown, once people can no longer answer ---------------------------------------------


def freeze_over(db: Db) -> int:
    """Takes the counts of revisits that people can no longer answer: they stay although somebody leaves. Returns how many."""
    over = select(revisits.c.id).where(revisits.c.asked_at.is_not(None), revisits.c.state != "people")
    due = (
        db.run(over.where(shown_counts.name_of("revisit", revisits.c.id).not_in(shown_counts.NAMES)))
        .scalars()
        .all()
    )
    counts = counts_of(db, due)
    for number in due:
        counted = counts.get(number, {})
        shown_counts.show(
            db, f"revisit:{number}", sum(counted.values()), {str(says): n for says, n in counted.items()}
        )
    return len(due)


def _frozen(db: Db, ids: Collection[int]) -> dict[int, dict[Says, int]]:
    names = {f"revisit:{number}": number for number in ids}
    found = shown_counts.shown_by_name(db, names)
    return {
        names[name]: {cast(Says, says): n for says, n in one.counts.items()} for name, one in found.items()
    }


def before_taking_away(db: Db, _event: TakingAway) -> None:
    freeze_over(db)


# --- the team's texts -----------------------------------------------------------------------------


def texts(db: Db, row: Row[Any]) -> dict[str, str]:
    """The team's texts on a revisit, by name: `note`, `reason`."""
    if row.sealed is None:
        return {}
    found: dict[str, str] = json_codec.loads(db.vault.open(row.sealed, sealing_context(row.id)))
    return found


def write(db: Db, row: Row[Any], name: str, words: str) -> None:
    said = {**texts(db, row), name: words}
    sealed = db.vault.seal(json_codec.dumps(said), sealing_context(row.id))
    db.run(update(revisits).where(revisits.c.id == row.id).values(sealed=sealed))


def sealing_context(number: int) -> str:
    return f"revisits:sealed:{number}"


SEALED: SealedColumns = (SealedColumn(revisits.c.sealed, lambda row: sealing_context(row["id"])),)
HOOKS: Hooks = {TakingAway: before_taking_away}
