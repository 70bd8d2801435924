"""Loads outcomes and their drafts: opens their texts, with parts, quotes, pictures and approvals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, func, select

from conversations.consultations.consultation import OutcomeTimes
from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.outcomes.outcome import PART_TEXTS, About, Decision, Outcome, Part, Picture, Quote, Subject
from conversations.outcomes.write.draft import (
    AnswersSoFar,
    Approval,
    ApprovalState,
    AwaitingOutcome,
    CurrentDraft,
    Draft,
    OutcomeAudience,
    Quotable,
    Stage,
    subject_of,
)
from conversations.team.rights import Rights
from storage.consultations.consultations import consultation_in
from storage.core import json_codec
from storage.core.dispatch import Loaders
from storage.core.door import Door
from storage.core.sealing import SealedColumn, SealedColumns
from storage.core.unit_of_work import Db
from storage.outbox import broadcasts
from storage.outcomes import history as outcome_history
from storage.outcomes import status as outcome_status
from storage.outcomes import subjects
from storage.outcomes.recipients import of_subject
from storage.results import counts as result_counts
from storage.results import quotes
from storage.tables import approvals, outcomes, parts, pictures, writers
from storage.team import corrections
from storage.team.second_yes import Asking, who_may_say_yes

Sealed = dict[str, dict[str, str]]  # a row's texts, by name and variant


# --- outcomes -------------------------------------------------------------------------------------


def outcomes_where(db: Db, *conditions: ColumnElement[bool]) -> tuple[Outcome, ...]:
    """The outcomes that meet all conditions, drafts too, with their parts in order."""
    rows = db.run(select(outcomes).where(*conditions)).all()
    abouts = subjects.abouts(db, {subjects.subject_in(row) for row in rows})
    found = [(row, subjects.subject_in(row)) for row in rows]
    return _outcomes(db, [(row, abouts.get(one) or subjects.deleted_subject(one)) for row, one in found])


def outcomes_by_id(db: Db, ids: Collection[int]) -> tuple[Outcome, ...]:
    """The outcomes with these ids, in this order."""
    found = {outcome.id: outcome for outcome in outcomes_where(db, outcomes.c.id.in_(ids))}
    return tuple(found[number] for number in ids)


def _outcomes(db: Db, found: Sequence[tuple[Row[Any], About]]) -> tuple[Outcome, ...]:
    ids = [row.id for row, _about in found]
    theirs, digests, since = _parts(db, ids), _pictures(db, ids), corrections.of(db, "outcome", ids)
    return tuple(
        replace(
            _outcome(db, row, about, theirs.get(row.id, ()), digests.get(row.id)),
            corrections=since.get(row.id, ()),
        )
        for row, about in found
    )


def _outcome(db: Db, row: Row[Any], about: About, theirs: Iterable[Part], digest: str | None) -> Outcome:
    texts = texts_of(db, "outcomes", row)
    return Outcome(
        id=row.id,
        about=about,
        language=row.language,
        parts=tuple(theirs),
        who=texts.get("who", {}),
        published=row.published_at,
        picture=Picture(digest, texts.get("picture", {})) if digest else None,
        people=row.people or 0,
    )


def _parts(db: Db, of: Sequence[int]) -> dict[int, list[Part]]:
    query = select(parts).where(parts.c.outcome_id.in_(of)).order_by(parts.c.outcome_id, parts.c.place)
    rows = db.run(query).all()
    quoted = quotes.words_of(db, [row.quote_id for row in rows if row.quote_id is not None])
    ids = [row.id for row in rows]
    moves, changes = outcome_history.moves_of(db, "part", ids), outcome_history.changes_of(db, "part", ids)
    stand = outcome_status.statuses(db, ids)
    found: dict[int, list[Part]] = {}
    for row in rows:
        part = replace(
            _part(db, row, quoted),
            moves=moves.get(row.id, ()),
            changes=changes.get(row.id, ()),
            standing=stand.get(row.id),
        )
        found.setdefault(row.outcome_id, []).append(part)
    return found


def _part(db: Db, row: Row[Any], quoted: dict[int, str]) -> Part:
    texts = texts_of(db, "parts", row)
    said: dict[str, Any] = {name: texts.get(name, {}) for name in PART_TEXTS}
    return Part(
        id=row.id,
        place=row.place,
        decision=cast("Decision | None", row.decision),
        due=row.due,
        question=row.question,
        quote=None if row.quote_id is None else Quote(row.quote_id, quoted.get(row.quote_id, "")),
        **said,
    )


def _pictures(db: Db, ids: Sequence[int]) -> dict[int, str]:
    found = select(pictures.c.outcome_id, pictures.c.digest).where(pictures.c.outcome_id.in_(ids))
    return {row.outcome_id: row.digest for row in db.run(found)}


# --- texts ----------------------------------------------------------------------------------------


def texts_of(db: Db, table: str, row: Row[Any]) -> Sealed:
    """Opens the texts of a row of `outcomes` or `parts`."""
    if row.sealed is None:
        return {}
    found: Sealed = json_codec.loads(db.vault.open(row.sealed, sealing_context(table, row.id)))
    return found


def seal(db: Db, table: str, number: int, texts: Sealed) -> bytes:
    """Seals texts for a row of `outcomes` or `parts`."""
    return db.vault.seal(json_codec.dumps(texts), sealing_context(table, number))


def sealing_context(table: str, number: int) -> str:
    return f"{table}:sealed:{number}"


# --- drafts ---------------------------------------------------------------------------------------


def current_draft(db: Db, _door: Door, session: Session) -> CurrentDraft:
    subject = _subject_in_notes(db, session)
    about = subjects.about(db, subject) if subject else None
    if about is None:
        return CurrentDraft(None)
    return CurrentDraft(replace(drafts(db, [about])[0], quotable=len(_quotable(db, about.subject))))


def to_answer(db: Db, _door: Door, _session: Session) -> AwaitingOutcome:
    return AwaitingOutcome(tuple(drafts(db, subjects.waiting_subjects(db))))


def its_answer(db: Db, _door: Door, session: Session) -> OutcomeTimes:
    """When the consultation's outcome was published, and when one is scheduled."""
    about = consultation_in(db, session)
    if about is None:
        return OutcomeTimes()
    theirs = outcomes.c.consultation_id == about.id
    told = select(func.max(outcomes.c.published_at)).where(theirs, outcomes.c.state == "published")
    due = select(func.min(outcomes.c.publish_at)).where(theirs, outcomes.c.state == "scheduled")
    return OutcomeTimes(db.run(told).scalar(), db.run(due).scalar())


def so_far(db: Db, _door: Door, session: Session) -> AnswersSoFar:
    subject = subject_of(session)
    if subject.kind != "consultation":
        return AnswersSoFar(0, ())
    found = result_counts.counts(db, subject.id)
    return AnswersSoFar(found.people, found.tallies, found.at)


def audience(db: Db, _door: Door, session: Session) -> OutcomeAudience:
    return OutcomeAudience(broadcasts.count_recipients(db, of_subject(subject_of(session))))


def quotable(db: Db, _door: Door, session: Session) -> Quotable:
    return Quotable(_quotable(db, subject_of(session)))


def drafts(db: Db, found: Sequence[About]) -> list[Draft]:
    """The drafts of these subjects, in their order; an empty draft if none was begun."""
    of = {about.subject: about for about in found}
    rows = [(row, of[subjects.subject_in(row)]) for row in db.run(select(outcomes).where(subjects.is_of(of)))]
    written = {outcome.about.subject: outcome for outcome in _outcomes(db, rows)}
    ids = [outcome.id for outcome in written.values()]
    by, people = _writers(db, ids), subjects.participant_counts(db, of)
    row_of = {subjects.subject_in(row): row for row, _about in rows}
    asked = _approvals(db, {row.id: row.made_at for row in row_of.values() if row.id in ids}, by)
    return [
        _draft(row_of[one], written[one], people.get(one, 0), by, asked)
        if one in written
        else Draft(Outcome(0, about, _language(db, about)), "none", people.get(one, 0))
        for one, about in of.items()
    ]


def _draft(
    row: Row[Any], outcome: Outcome, people: int, by: dict[int, set[int]], asked: dict[int, Approval]
) -> Draft:
    return Draft(
        outcome,
        stage=cast(Stage, row.state),
        people=people,
        publish_at=row.publish_at,
        zone=row.zone or "",
        writers=frozenset(by.get(row.id, ())),
        approval=asked.get(row.id),
    )


def _subject_in_notes(db: Db, session: Session) -> Subject | None:
    """The subject that the session's notes name, by the outcome's id or directly."""
    if "outcome" not in session.notes:
        return subject_of(session)
    query = select(outcomes.c.consultation_id, outcomes.c.issue_id)
    row = db.run(query.where(outcomes.c.id == session.number("outcome"))).first()
    return subjects.subject_in(row) if row else None


def _language(db: Db, about: About) -> str:
    """The language of a new draft: the subject's, if it is on offer."""
    return about.language if about.language in db.rules.languages else db.rules.languages[0]


def _writers(db: Db, ids: Sequence[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for row in db.run(select(writers).where(writers.c.outcome_id.in_(ids))):
        found.setdefault(row.outcome_id, set()).add(row.person_id)
    return found


def _approvals(
    db: Db, begun: Mapping[int, datetime], by: Mapping[int, Collection[int]]
) -> dict[int, Approval]:
    """The approvals of these outcomes, by id, which were begun then and written by these."""
    rows = db.run(select(approvals).where(approvals.c.outcome_id.in_(begun))).all()
    asking = {
        row.outcome_id: Asking(row.asked_by, by.get(row.outcome_id, ()), begun[row.outcome_id])
        for row in rows
        if row.state == "asked"
    }
    return {
        row.outcome_id: Approval(
            state=cast(ApprovalState, row.state),
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            fingerprint=row.fingerprint,
            at=row.publish_at,
            why=db.vault.open(row.sealed, sealing_context("approvals", row.id)) if row.sealed else "",
            asked_of=frozenset(who_may_say_yes(db, Rights.APPROVE_OUTCOMES, asking[row.outcome_id]))
            if row.outcome_id in asking
            else frozenset(),
        )
        for row in rows
    }


def seal_why(db: Db, approval: int, why: str) -> bytes:
    return db.vault.seal(why, sealing_context("approvals", approval))


def _quotable(db: Db, subject: Subject) -> tuple[Quote, ...]:
    return quotes.quotable(db, subject.id) if subject.kind == "consultation" else ()


SEALED: SealedColumns = (
    SealedColumn(outcomes.c.sealed, lambda row: sealing_context("outcomes", row["id"])),
    SealedColumn(parts.c.sealed, lambda row: sealing_context("parts", row["id"])),
    SealedColumn(approvals.c.sealed, lambda row: sealing_context("approvals", row["id"])),
)
FACTS: Loaders = {
    CurrentDraft: current_draft,
    AwaitingOutcome: to_answer,
    OutcomeTimes: its_answer,
    AnswersSoFar: so_far,
    OutcomeAudience: audience,
    Quotable: quotable,
}
