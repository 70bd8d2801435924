"""What each table holds about a person: the columns that /mydata shows them, and those that it withholds, by reason.

A table is here if its rows go with a person, or name one. `tests/storage/test_registry.py` names a column that is missing.
"""

from collections.abc import Mapping

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, or_, select

from conversations.core.record import Record
from conversations.general.facts import Why
from storage.tables import (
    answers,
    case_entries,
    case_words,
    cases,
    challenges,
    doors,
    invites,
    issue_entries,
    issues,
    judgements,
    marks,
    outbox,
    passkeys,
    people,
    quotes,
    revisit_answers,
    roles,
    rota,
    sessions,
    shown_words,
    sign_in_links,
    taking_part,
    team_days,
    team_names,
    ways,
    writers,
)


class AboutPerson(Record):
    """One table: which of its rows are about the `person`, and what becomes of each column."""

    table: Table
    whose: ColumnElement[bool]
    shown: tuple[str, ...]
    withheld: Mapping[str, Why]


_PERSON: BindParameter[int] = bindparam("person")
_DOORS = select(doors.c.id).where(doors.c.person_id == _PERSON)
_ISSUES = select(issues.c.id).where(issues.c.person_id == _PERSON)
_CASES = select(cases.c.id).where(cases.c.person_id == _PERSON, cases.c.closed_at.is_(None))


def _of(
    table: Table, shown: str, *, whose: ColumnElement[bool] | None = None, **withheld: str
) -> AboutPerson:
    """A table by the names of its columns, with those withheld under each reason. The person's own number needs none."""
    reasons: dict[str, Why] = {"person_id": "machine"} if "person_id" in table.c else {}
    reasons |= {name: why for why, names in withheld.items() for name in names.split()}  # type: ignore[misc]
    mine = table.c.person_id == _PERSON if whose is None else whose
    return AboutPerson(table, mine, tuple(shown.split()), reasons)


ABOUT_PEOPLE: tuple[AboutPerson, ...] = (
    _of(
        people,
        "language version band band_asked_at agreed_at stopped_at frequency return_hash created_at left_at dormant_since unused_since",
        whose=people.c.id == _PERSON,
        machine="id main_door",
    ),
    _of(
        doors,
        "kind address reachable shared signed_in_until used_at",
        machine="id",
        key="address_hash",
    ),
    _of(
        sessions,
        "step notes at since turns words words_at offered_at held",
        whose=sessions.c.door_id.in_(_DOORS),
        machine="door_id visit",
        safety="words_soft",
    ),
    _of(roles, "role at", others="given_by"),
    _of(team_names, "sealed"),
    _of(team_days, "day"),
    _of(passkeys, "sealed host made_at used_at", machine="id credential public_key sign_count"),
    _of(sign_in_links, "sealed made_at", key="hash"),
    _of(challenges, "", machine="hash kind sealed expires_at"),
    _of(rota, "weekdays day starts ends", machine="id"),
    _of(
        invites,
        "role expires_at used_at",
        whose=or_(invites.c.made_by == _PERSON, invites.c.own_door_of == _PERSON),
        machine="made_by own_door_of",
        key="token_hash",
    ),
    _of(shown_words, "", machine="outbox_id"),
    _of(writers, "outcome_id"),
    _of(ways, "way"),
    _of(taking_part, "consultation_id started_at finished_at"),
    _of(
        answers,
        "consultation_id question option sealed skipped set_aside message at",
        safety="case_id",
    ),
    _of(quotes, "consultation_id question state at", machine="id hashed"),
    _of(
        issues,
        "id state theme area sealed at reply_by remind_on missed unread consultation_id",
        safety="case_id",
    ),
    _of(
        issue_entries,
        "issue_id kind sealed day at",
        whose=issue_entries.c.issue_id.in_(_ISSUES),
        machine="id",
        others="made_by",
        safety="case_id",
    ),
    _of(
        judgements,
        "outcome_id got_it_right space voice audience influence at sealed added_at",
        safety="case_id",
    ),
    _of(revisit_answers, "revisit_id says at sealed added_at", safety="case_id"),
    _of(
        marks,
        "step sealed at",
        machine="id stored_in row_id question",
        safety="why kind cleared_by cleared_at",
    ),
    _of(
        cases,
        "id",
        safety="door_kind address language version kind step signs wants_call opened_at informed check_at waits_since told_at"
        " first_taken_at alert alerted_at acknowledged_by acknowledged_at handed_to closed_by closed_at thread reason",
    ),
    _of(
        case_words,
        "",
        whose=case_words.c.case_id.in_(_CASES),
        safety="id case_id sealed step consultation_id question at",
    ),
    _of(
        case_entries,
        "case_id kind sealed at",
        whose=case_entries.c.case_id.in_(_CASES) & (case_entries.c.kind != "note"),  # notes are the helpers'
        machine="id",
        others="made_by",
    ),
    _of(
        outbox,
        "kind lane state sealed message due settled_at",
        whose=outbox.c.door_id.in_(_DOORS),
        machine="id once door_id door_kind about broadcast_id quotes replaces asked_again taken_at taken_by sent_with",
    ),
)

# Columns of the team's own things that name who did something. A member is shown what they did, by the table's `id` and
# this moment; None: the audit log says it, which is withheld.
DONE_BY: Mapping[str, str | None] = {
    "approvals.asked_by": "asked_at",
    "approvals.answered_by": "asked_at",
    "audit.person_id": None,
    "broadcasts.made_by": "due",
    "cases.acknowledged_by": "acknowledged_at",
    "cases.closed_by": "closed_at",
    "cases.handed_to": "opened_at",
    "case_entries.made_by": "at",
    "consultations.made_by": "made_at",
    "corrections.made_by": "at",
    "invites.made_by": "expires_at",
    "issue_entries.made_by": "at",
    "marks.cleared_by": "cleared_at",
    "news.made_by": "made_at",
    "outcomes.made_by": "made_at",
    "promise_moves.moved_by": "moved_at",
    "revisits.ended_by": "ended_at",
    "revisits.owner_by": "owner_at",
    "roles.given_by": "at",
    "status_changes.changed_by": "changed_at",
}
