"""A second person's approval: never from a writer, bound to what they saw, void after any edit."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from conversations.core.channels import WEB
from conversations.core.record import replace
from conversations.outcomes.effects import (
    ApproveOutcome,
    AskColleague,
    CancelOutcome,
    DeclineOutcome,
    DropPart,
    SetPicture,
    WriteVariant,
)
from conversations.outcomes.outcome import Spot, Subject
from conversations.outcomes.write.draft import fingerprint
from conversations.team.effects import RemoveRoles, SetTeamRule
from handlers import announcements
from storage.core.dispatch import dispatch
from storage.outbox import outbox as messages
from storage.outcomes import publishing
from storage.people import people
from storage.registry import HANDLERS
from storage.tables import approvals, audit, broadcasts, outbox, roles, team_days
from tests.crowd import open_hub
from tests.storage.deciding import (
    A_DID,
    A_WILL,
    ANN,
    BEN,
    CAT,
    about,
    begin,
    decided,
    does,
    draft,
    publish,
    queued,
    refused,
    written,
)


@pytest.fixture
async def number(any_house):
    """Three deciders; Ann wrote an outcome, and the team requires a second person's approval."""
    number = await any_house.run(lambda db: begin(db, 3))
    await any_house.run(lambda db: db.run(roles.insert().values(person_id=ANN, role="owner", at=db.now)))
    await does(any_house, SetTeamRule("approval", value=True), *written(number, **A_DID), decided(number))
    return number


async def seen(house, number):
    """The fingerprint of what a person would approve, as on the button."""
    found = await draft(house, number)
    return fingerprint(found.outcome, found.approval.at if found.approval else None)[:16]


async def says_yes(house, number, person=BEN):
    await does(house, ApproveOutcome(about(number), await seen(house, number)), person=person)


async def told(house, kind):
    """All messages of this kind: door and text."""

    def work(db):
        rows = db.run(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.door_id)).all()
        return {
            row.door_id: announcements.build(house.runtime, db, messages.message_of(db, row)) for row in rows
        }

    return await house.run(work)


async def test_without_a_second_yes_nothing_goes_out_by_any_way(any_house, number):
    assert "second person's yes" in await refused(any_house, publish(number))
    at = any_house.clock.now + timedelta(hours=1)
    assert "second person's yes" in await refused(any_house, publish(number, at), person=BEN)
    any_house.clock.on(hours=2)
    assert await any_house.run(publishing.publish_due) == 0
    assert await queued(any_house) == 0


async def test_all_other_approvers_are_asked_and_one_yes_sends_it(any_house, number):
    await does(any_house, AskColleague(about(number)))
    asked = await told(any_house, "approval")
    assert set(asked) == {BEN, CAT}
    assert "A colleague asks for your yes: The new youth hub" in asked[BEN].heading
    assert asked[BEN].rows[0][0].key == "/outcome read 1"
    await says_yes(any_house, number)
    assert await queued(any_house) == 3
    assert (await draft(any_house, number)).stage == "published"
    assert list(await told(any_house, "approved")) == [ANN]
    progress = await any_house.run(lambda db: db.run(select(broadcasts.c.made_by)).scalar())
    assert progress == BEN, "who pressed it sees how far it is"
    assert (await told(any_house, "approval"))[CAT] is None, "it is not asked about any more"


@pytest.mark.parametrize("who", ["wrote it", "asked"])
async def test_authors_and_the_asker_may_not_approve(any_house, number, who):
    if who == "wrote it":
        await does(any_house, *written(number, we_heard="near a bus stop"), person=BEN)
        await does(any_house, AskColleague(about(number)))
        assert set(await told(any_house, "approval")) == {CAT}
    else:
        await does(any_house, AskColleague(about(number)), person=BEN)
        assert set(await told(any_house, "approval")) == {CAT}
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    for person in (ANN, BEN):
        assert "Somebody else must say it" in await refused(any_house, yes, person=person)
    assert await queued(any_house) == 0
    await says_yes(any_house, number, CAT)
    assert await queued(any_house) == 3


EDITS = {
    "a word": lambda n: written(n, what="chose the new library"),
    "a decision": lambda n: written(n, decision="doing"),
    "a question": lambda n: written(n, question="why"),
    "another part": lambda n: written(n, 1, you_said="you want a kitchen"),
    "who decided": lambda n: [decided(n, "somebody else")],
    "another language": lambda n: [WriteVariant(about(n), Spot(0, "what"), "pl", "bibliotekę")],
    "a picture": lambda n: [SetPicture(about(n), b"\xff\xd8 a picture")],
    "a part less": lambda n: [DropPart(about(n), 1)],
}


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edit_after_the_asking_voids_it(any_house, number, edit):
    await does(any_house, *written(number, 1, **A_DID))
    await does(any_house, AskColleague(about(number)))
    before = await seen(any_house, number)
    await does(any_house, *EDITS[edit](number))
    yes = ApproveOutcome(about(number), before)
    assert "isn't waiting for a yes any more" in await refused(any_house, yes, person=BEN)
    if edit in {"another part", "a picture"}:
        return  # it is not whole now
    if edit == "a decision":
        await does(any_house, *written(number, owner="Libraries", due=date(2027, 3, 31)))
    await does(any_house, AskColleague(about(number)))
    assert "changed since you saw it" in await refused(any_house, yes, person=BEN)
    assert await queued(any_house) == 0
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


async def test_an_approval_is_bound_to_words_time_and_audience(any_house, number):
    outcome = (await draft(any_house, number)).outcome
    noon = any_house.clock.now
    one = fingerprint(outcome, None)
    others = {
        fingerprint(outcome, noon),
        fingerprint(outcome, noon + timedelta(minutes=1)),
        fingerprint(replace(outcome, who={"en": "others"}), None),
        fingerprint(replace(outcome, about=replace(outcome.about, subject=Subject("issue", 1))), None),
        fingerprint(replace(outcome, about=replace(outcome.about, subject=about(2))), None),
    }
    assert one not in others
    assert len(others) == 5
    assert one == fingerprint(outcome, None)


# --- scheduled --------------------------------------------------------------------------------------


async def test_with_a_time_the_yes_sets_it_and_it_leaves_then_once(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, AskColleague(about(number), at))
    await says_yes(any_house, number)
    assert (await draft(any_house, number)).stage == "scheduled"
    assert await queued(any_house) == 0
    any_house.clock.now = at
    assert sorted(await asyncio.gather(*(any_house.run(publishing.publish_due) for _ in range(3)))) == [
        0,
        0,
        1,
    ]
    assert await queued(any_house) == 3


async def test_another_time_needs_another_yes(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, AskColleague(about(number), at))
    await says_yes(any_house, number)
    later = at + timedelta(days=1)
    assert "second person's yes" in await refused(any_house, publish(number, later))
    await does(any_house, AskColleague(about(number), later))
    assert (await draft(any_house, number)).stage == "draft"
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 0
    await says_yes(any_house, number)
    any_house.clock.now = later
    assert await any_house.run(publishing.publish_due) == 1
    assert await queued(any_house) == 3


async def test_cancelled_and_changed_it_needs_a_new_approval(any_house, number):
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, AskColleague(about(number), at))
    await says_yes(any_house, number)
    assert "Take it back first" in await refused(any_house, *written(number, what="something else"))
    await does(any_house, CancelOutcome(about(number)))
    assert (await draft(any_house, number)).approval is None
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 0
    assert "second person's yes" in await refused(any_house, publish(number))


async def test_a_time_that_passed_while_it_waited_is_at_once(any_house, number):
    await does(any_house, AskColleague(about(number), any_house.clock.now + timedelta(hours=1)))
    any_house.clock.on(hours=3)
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


async def test_a_text_changed_after_the_approval_is_held_and_reported(any_house, number):
    """Heard itself offers no way to do this. If a row is changed all the same, it is not published unread."""
    at = any_house.clock.now + timedelta(hours=20)
    await does(any_house, AskColleague(about(number), at))
    await says_yes(any_house, number)
    await any_house.run(lambda db: db.run(update(approvals).values(fingerprint="0" * 64)))
    any_house.clock.now = at
    assert await any_house.run(publishing.publish_due) == 1
    assert await queued(any_house) == 0
    found = await draft(any_house, number)
    assert (found.stage, found.publish_at) == ("draft", None)
    (held,) = (await told(any_house, "held")).values()
    assert "It didn't go out: The new youth hub" in held.heading
    any_house.clock.on(hours=1)
    assert await any_house.run(publishing.publish_due) == 0


async def test_an_outcome_scheduled_before_approvals_were_required_is_held(any_house, number):
    await does(any_house, SetTeamRule("approval", value=False))
    at = any_house.clock.now + timedelta(hours=1)
    await does(any_house, publish(number, at))
    await does(any_house, SetTeamRule("approval", value=True))
    any_house.clock.now = at
    await any_house.run(publishing.publish_due)
    assert await queued(any_house) == 0
    (held,) = (await told(any_house, "held")).values()
    assert "second person's yes" in held.text


# --- not yet ----------------------------------------------------------------------------------------


async def test_not_yet_returns_the_reason_to_whoever_asked(any_house, number):
    await does(any_house, AskColleague(about(number)))
    await does(any_house, DeclineOutcome(about(number), "Say what “near” means."), person=BEN)
    (back,) = (await told(any_house, "declined")).values()
    assert "Say what “near” means." in back.text
    assert (await draft(any_house, number)).approval.why == "Say what “near” means."
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    assert "isn't waiting" in await refused(any_house, yes, person=CAT)
    await does(any_house, *written(number, we_heard="within ten minutes' walk"))
    assert (await draft(any_house, number)).approval is None
    assert list((await told(any_house, "declined")).values()) == [None]


async def test_the_reason_is_sealed(any_house, number):
    await does(any_house, AskColleague(about(number)))
    await does(any_house, DeclineOutcome(about(number), "zebrafish"), person=BEN)
    kept = await any_house.run(lambda db: db.run(select(approvals.c.sealed)).scalar())
    assert kept
    assert b"zebrafish" not in kept


# --- who is there -----------------------------------------------------------------------------------


async def test_alone_nobody_can_be_asked(any_house, number):
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id.in_((BEN, CAT)))))
    assert "nobody else" in await refused(any_house, AskColleague(about(number)))


async def test_a_colleague_who_left_the_team_cannot_say_yes(any_house, number):
    await does(any_house, AskColleague(about(number)))
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == BEN)))
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    assert "any more" in await refused(any_house, yes, person=BEN)


async def test_a_question_from_removed_staff_is_dropped(any_house, number):
    await does(any_house, AskColleague(about(number)), person=BEN)
    await does(any_house, RemoveRoles(BEN))
    assert (await draft(any_house, number)).approval is None


async def test_two_colleagues_who_say_yes_at_once_send_it_once(any_house, number):
    await does(any_house, AskColleague(about(number)))
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    await asyncio.gather(does(any_house, yes, person=BEN), does(any_house, yes, person=CAT))
    assert await queued(any_house) == 3
    sent = select(func.count()).where(audit.c.did == "outcome.published")
    assert await any_house.run(lambda db: db.run(sent).scalar()) == 1


async def test_an_approval_of_an_outcome_that_cannot_be_sent_names_the_part(any_house, number):
    await does(any_house, *written(number, **{**A_WILL, "due": any_house.clock.now.date()}))
    await does(any_house, AskColleague(about(number)))
    any_house.clock.on(days=2)
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    assert "Part 1: its day would have passed" in await refused(any_house, yes, person=BEN)
    assert await queued(any_house) == 0


async def test_a_colleague_can_be_asked_even_if_the_team_does_not_require_it(any_house, number):
    await does(any_house, SetTeamRule("approval", value=False), AskColleague(about(number)))
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


# --- who has been here for long enough --------------------------------------------------------------


async def came(house, person, days, role="decider", by=None):
    """A member who came so many days ago."""
    at = house.clock.now - timedelta(days=days)
    values = {"person_id": person, "role": role, "at": at, "given_by": by}
    await house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == person)))
    await house.run(lambda db: db.run(roles.insert().values(**values)))


async def was_here(house, person, days):
    """A member who was here on so many different days."""
    first = house.clock.now.date() - timedelta(days=days)
    rows = [{"person_id": person, "day": first + timedelta(days=n)} for n in range(days)]
    await house.run(lambda db: db.run(team_days.insert(), rows))


async def test_a_colleague_invited_after_it_was_begun_cannot_say_yes(any_house, number):
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == CAT)))
    any_house.clock.on(days=1)
    await came(any_house, BEN, 0, by=ANN)
    any_house.clock.on(days=30)
    await was_here(any_house, BEN, 20)
    why = await refused(any_house, AskColleague(about(number)))
    assert "write it again" in why
    assert str(any_house.clock.now.date()) in why
    await does(any_house, DropPart(about(number), 0), *written(number, **A_DID))
    await does(any_house, AskColleague(about(number)))
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


async def test_a_colleague_of_six_days_cannot_say_yes_and_the_day_is_named(any_house, number):
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == CAT)))
    await came(any_house, BEN, 6)
    why = await refused(any_house, AskColleague(about(number)))
    assert str(any_house.clock.now.date() + timedelta(days=1)) in why
    any_house.clock.on(days=1)
    await does(any_house, AskColleague(about(number)))
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


async def test_who_was_invited_by_the_asker_has_been_here_on_seven_days(any_house, number):
    await any_house.run(lambda db: db.run(roles.delete().where(roles.c.person_id == CAT)))
    await came(any_house, BEN, 40, by=ANN)
    await was_here(any_house, BEN, 5)
    why = await refused(any_house, AskColleague(about(number)))
    assert str(any_house.clock.now.date() + timedelta(days=2)) in why
    await any_house.run(lambda db: db.run(team_days.delete()))
    await was_here(any_house, BEN, 7)
    await does(any_house, AskColleague(about(number)))
    await says_yes(any_house, number)


async def test_who_was_invited_by_somebody_else_needs_no_days(any_house, number):
    await came(any_house, BEN, 40, by=CAT)
    await does(any_house, AskColleague(about(number)))
    await says_yes(any_house, number)
    assert await queued(any_house) == 3


async def test_a_workers_yes_sends_no_outcome(any_house, number):
    await came(any_house, CAT, 40, role="worker")
    await does(any_house, AskColleague(about(number)))
    assert set(await told(any_house, "approval")) == {BEN}
    yes = ApproveOutcome(about(number), await seen(any_house, number))
    await refused(any_house, yes, person=CAT)
    assert await queued(any_house) == 0


async def test_a_member_who_does_something_is_here_that_day_and_a_young_person_is_not_noted(any_house):
    decider, young = await any_house.staff("decider", "902"), any_house.person()
    await young.joins()
    for _ in range(3):
        any_house.clock.on(days=1)
        await decider.types("/home")
        any_house.clock.on(minutes=5)
        await decider.types("/home")
        await young.types("/home")
    rows = await any_house.run(lambda db: db.run(select(team_days)).all())
    assert len({row.day for row in rows}) == len(rows) >= 3
    assert len({row.person_id for row in rows}) == 1


async def test_a_lone_owner_and_a_decider_of_their_own_publish_nothing(any_house):
    owner = await any_house.staff("owner", "901", "web")
    number = await any_house.run(open_hub)
    other = await any_house.staff("decider", "902", "web")
    there = await any_house.run(lambda db: people.door_at(db, WEB, "901"))
    await any_house.run(
        lambda db: db.run(roles.update().where(roles.c.role == "decider").values(given_by=there.person.id))
    )
    any_house.clock.on(minutes=5)
    effects = (SetTeamRule("approval", value=True), *written(number, **A_DID), decided(number))
    await any_house.run(lambda db: dispatch(db, there, effects, HANDLERS))
    await owner.types(f"/outcome {number}")
    await owner.taps("Go on")
    await owner.taps("Ask a colleague")
    await owner.taps("At once")
    assert "Nobody else may say yes yet" in owner.heard[-2].text
    assert await queued(any_house) == 0
    assert other.heard
