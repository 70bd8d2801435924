"""The team in the whole app: links let people in, owners remove people, a sign-in on the page ends."""

import asyncio
import re

import pytest
from sqlalchemy import delete, func, select, update

from bot.cli.play import open_now
from bot.scheduler.scheduler import tick
from conversations.consultations.sample import BUSES
from conversations.core.channels import WEB
from conversations.core.events import Chose
from storage.outbox import outbox, threads
from storage.people import people as somebody
from storage.tables import audit, invites, news, outcomes, people, roles
from storage.team import members as team
from tests.house import as_text
from tests.sample_forms import publish


async def count(house, table) -> int:
    return await house.run(lambda db: db.run(select(func.count()).select_from(table)).scalar())


async def held(house) -> list[str]:
    return await house.run(lambda db: sorted(db.run(select(roles.c.role)).scalars()))


def token_in(text: str) -> str:
    return re.search(r"/i/([\w-]{22})", text)[1]


async def invites_somebody(owner, role: str) -> str:
    await owner.types("/team")
    await owner.taps("Invite somebody")
    await owner.taps(role)
    await owner.taps("Make the link")
    return token_in(owner.sees)


async def test_the_first_link_makes_the_owner_who_is_at_home_at_once(any_house):
    token = await any_house.run(team.owner_link)
    owner = any_house.person()
    await owner.accepts(token)
    assert "Welcome to the team of Sampleshire Youth Voice. Your role here: Owner." in owner.sees
    assert "[Ask young people]" in owner.sees
    assert await any_house.run(team.owner_link) is None


async def test_each_start_replaces_the_owner_link_until_there_is_an_owner(house):
    first = await house.run(team.owner_link)
    second = await house.run(team.owner_link)
    someone = house.person()
    await someone.accepts(first)
    assert "I don't know that link" in as_text(someone.heard[-2])
    await someone.accepts(second)
    assert "Your role here: Owner" in someone.sees


async def test_an_owner_invites_a_worker_and_the_link_is_shown_once(any_house):
    owner = await any_house.staff()
    token = await invites_somebody(owner, "Worker")
    assert f"http://127.0.0.1:8080/i/{token}" in owner.sees
    assert f"https://t.me/heard_sample_bot?start=i_{token}" in owner.sees
    await owner.types("what?")
    assert token not in owner.sees
    assert "I show it once" in owner.sees
    worker = any_house.person("77")
    await worker.accepts(token)
    assert "Your role here: Worker" in worker.sees
    await worker.types("/team")
    assert "· Owner 1, on Telegram, since 1 December 2026" in worker.sees
    assert "· Worker 1 (you), on Telegram" in worker.sees
    assert "Invite somebody" not in worker.sees


async def test_without_telegram_a_link_is_only_for_the_page(sqlite):
    from tests.house import make_house

    house = make_house(sqlite, accounts={})
    owner = await house.staff(door="web", address="owner-cookie")
    await invites_somebody(owner, "Decider")
    assert "t.me" not in owner.sees


async def test_tokens_are_stored_only_as_a_keyed_hash(house):
    token = await house.run(lambda db: team.invite(db, "worker"))
    stored = await house.run(lambda db: db.run(select(invites.c.token_hash)).scalars().all())
    assert token.encode() not in stored
    assert len(token) == 22


async def test_a_link_used_once_is_over_and_says_so_kindly(any_house):
    token = await any_house.run(lambda db: team.invite(db, "worker"))
    await any_house.person("1").accepts(token)
    second = any_house.person("2")
    await second.accepts(token)
    assert "That link was used already" in as_text(second.heard[-2])
    assert "Hi, I'm Heard" in second.sees
    assert await held(any_house) == ["worker"]


async def test_a_link_runs_out_after_a_day(any_house):
    token = await any_house.run(lambda db: team.invite(db, "worker"))
    any_house.clock.on(hours=24)
    late = any_house.person()
    await late.accepts(token)
    assert "That link has run out" in as_text(late.heard[-2])
    assert await held(any_house) == []


async def test_twenty_who_race_for_a_link_make_exactly_one_member(any_house):
    token = await any_house.run(lambda db: team.invite(db, "worker"))
    racers = [any_house.person(f"racer {n}", "web") for n in range(20)]
    said = await asyncio.gather(*(racer.accepts(token) for racer in racers))
    welcomed = [says for says in said if "Welcome to the team" in says[-1].text]
    refused = [says for says in said if "used already" in says[0].text]
    assert (len(welcomed), len(refused)) == (1, 19)
    assert await held(any_house) == ["worker"]


async def test_opening_ones_own_invite_by_mistake_leaves_it_good(house):
    owner = await house.staff()
    token = await invites_somebody(owner, "Owner")
    await owner.accepts(token)
    assert "You have that role already" in as_text(owner.heard[-2])
    await house.person("2").accepts(token)
    assert await held(house) == ["owner", "owner"]


async def test_a_young_reviewer_joins_like_any_young_person(house):
    reviewer = await house.staff("reviewer")
    assert "Young reviewer" in reviewer.sees
    await reviewer.taps("Go on")
    assert "Hi, I'm Heard" in reviewer.sees
    await reviewer.joins()
    await reviewer.types("/team")
    assert "I don't know that one" in as_text(reviewer.heard[-2])


async def test_a_young_reviewer_at_the_page_stays_one(house):
    reviewer = await house.staff("reviewer", "a-cookie", "web")
    assert "/team" not in reviewer.sees
    await reviewer.joins()
    assert "[Results]" in reviewer.sees
    house.clock.on(days=3)
    await reviewer.types("/home")
    assert "[Results]" in reviewer.sees
    assert "/results" in (await reviewer.types("/help"))[0].text


async def test_removed_staff_who_press_an_old_button_are_refused(any_house):
    owner = await any_house.staff()
    worker = await any_house.staff("worker", "2")
    await worker.types("/team")
    old = worker.heard[-1]
    await owner.types("/team")
    await owner.taps("Remove somebody")
    assert "2. Worker 1, on Telegram" in owner.sees
    await owner.taps("Worker 1")
    assert "Remove from the team?" in owner.sees
    await owner.taps("Yes, remove")
    assert "Done." in as_text(owner.heard[-2])
    assert "Worker 1" not in owner.sees
    invites_then = await count(any_house, invites)
    await worker.does(Chose(old.visit, "door"))
    assert "/i/" not in worker.sees
    await worker.types("/team")
    assert "I don't know that one" in as_text(worker.heard[-2])
    assert await count(any_house, invites) == invites_then
    assert await held(any_house) == ["owner"]


async def test_news_scheduled_by_removed_staff_is_a_draft_again(any_house):
    owner, decider = await any_house.staff(), await any_house.staff("decider", "2")
    about = await any_house.run(lambda db: open_now(db, BUSES))
    await any_house.run(lambda db: publish(db, about, 1, state="draft"))
    await decider.types("/outcome 1")
    for label in ("Go on", "Choose a time", "Tomorrow 16:00"):
        await decider.taps(label)
    assert await any_house.run(lambda db: db.run(select(outcomes.c.state)).scalar()) == "scheduled"
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Decider 1")
    assert "is a draft again" in owner.sees
    await owner.taps("Yes, remove")
    any_house.clock.on(days=2)
    await tick(any_house.runtime)
    found = await any_house.run(lambda db: db.run(select(outcomes.c.state, outcomes.c.publish_at)).one())
    assert tuple(found) == ("draft", None)


async def test_invites_of_removed_staff_are_void(house):
    owner = await house.staff()
    other = await house.staff("owner", "2")
    token = await invites_somebody(other, "Worker")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Owner 2")
    await owner.taps("Yes, remove")
    await house.person("3").accepts(token)
    assert await held(house) == ["owner"]


@pytest.mark.parametrize(
    ("role", "said"), [("owner", "The last owner"), ("safeguarding", "The last safeguarding lead")]
)
async def test_the_last_owner_and_the_last_lead_name_another_before_they_delete_everything(
    any_house, role, said
):
    owner = await any_house.staff("owner", "1")
    lead = await any_house.staff("safeguarding", "2")
    going = {"owner": owner, "safeguarding": lead}[role]
    await going.types("/delete")
    await going.taps("Yes, delete it")
    assert said.replace("The", "You are the") in as_text(going.heard[-2])
    assert role in await held(any_house)
    await any_house.staff(role, "3")
    await going.types("/delete")
    await going.taps("Yes, delete it")
    assert sorted(await held(any_house)) == ["owner", "safeguarding"]


async def test_the_last_lead_cannot_be_removed_before_another_is_named(any_house):
    owner = await any_house.staff("owner", "1")
    await any_house.staff("safeguarding", "2")
    await any_house.staff("deputy", "3")

    async def removes():
        await owner.types("/team")
        await owner.taps("Remove somebody")
        await owner.taps("Safeguarding lead 1")
        return await owner.taps("Yes, remove")

    said = await removes()
    assert "The last safeguarding lead can't be removed. Invite another lead first." in as_text(said[0])
    assert "safeguarding" in await held(any_house), "a deputy is no lead"
    await any_house.staff("safeguarding", "4")
    await removes()
    assert await held(any_house) == ["deputy", "owner", "safeguarding"]


async def test_the_last_owner_cannot_be_removed(any_house):
    owner = await any_house.staff()
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Owner 1")
    await owner.taps("Yes, remove")
    assert "The last owner can't be removed" in as_text(owner.heard[-2])
    assert await held(any_house) == ["owner"]


async def test_two_owners_who_remove_each_other_at_once_leave_one(any_house):
    owners = [await any_house.staff("owner", str(n)) for n in (1, 2)]
    for owner, other in zip(owners, ("Owner 2", "Owner 1"), strict=True):
        await owner.types("/team")
        await owner.taps("Remove somebody")
        await owner.taps(other)
    await asyncio.gather(*(owner.taps("Yes, remove") for owner in owners))
    assert await held(any_house) == ["owner"]


async def test_a_button_that_was_not_offered_makes_no_invite(house):
    worker = await house.staff("worker")
    await worker.types("/team")
    visit = worker.heard[-1].visit
    for forged in ("invite", "remove", "yes", "owner", "person:1"):
        await worker.does(Chose(visit, forged))
        visit = worker.heard[-1].visit
    assert await held(house) == ["worker"]
    assert await count(house, invites) == 1


async def test_my_other_door_makes_another_browser_mine(any_house):
    worker = await any_house.staff("worker")
    await worker.types("/team")
    await worker.taps("My other door")
    token = token_in(worker.sees)
    browser = any_house.person("a cookie", "web")
    await browser.types("hello")
    strangers = await count(any_house, people)
    await browser.accepts(token)
    assert "Your role here: Worker" in browser.sees
    assert await count(any_house, people) == strangers - 1
    await browser.types("/team")
    assert "Worker 1 (you), on Telegram and the web page" in browser.sees
    assert "The web page (here), until Wednesday 2 December, 04:00" in browser.sees


async def test_somebody_elses_answers_are_never_taken_over_by_a_door_link(house):
    worker = await house.staff("worker")
    await worker.types("/team")
    await worker.taps("My other door")
    token = token_in(worker.sees)
    young = house.person("a cookie", "web")
    await young.joins()
    await young.accepts(token)
    assert "This account already belongs to a young person" in as_text(young.heard[-2])
    browser = house.person("another cookie", "web")
    await browser.accepts(token)
    assert "Your role here: Worker" in browser.sees


async def test_on_the_page_a_sign_in_ends_after_twelve_hours_and_says_how_to_come_back(any_house):
    worker = await any_house.staff("worker", "a cookie", "web")
    await worker.types("/team")
    old = worker.heard[-1]
    any_house.clock.on(hours=12)
    await worker.does(Chose(old.visit, "door"))
    assert "You're signed out of the team here" in worker.sees
    await worker.types("/team")
    assert "You're signed out of the team here" in worker.sees
    token = await any_house.run(lambda db: team.invite(db, "worker"))
    await worker.accepts(token)
    await worker.types("/team")
    assert "Worker 1 (you)" in worker.sees


async def test_ones_own_link_signs_a_browser_in_again(house):
    owner = await house.staff()
    await owner.types("/team")
    await owner.taps("My other door")
    browser = house.person("a cookie", "web")
    await browser.accepts(token_in(owner.sees))
    house.clock.on(hours=13)
    await browser.types("/home")
    assert "signed out" in browser.sees
    await owner.types("/team")
    await owner.taps("My other door")
    await browser.accepts(token_in(owner.sees))
    assert "Your role here: Owner" in browser.sees


async def test_signing_out_everywhere_ends_every_page_but_not_telegram(any_house):
    owner = await any_house.staff()
    await owner.types("/team")
    await owner.taps("My other door")
    browser = any_house.person("a cookie", "web")
    await browser.accepts(token_in(owner.sees))
    await browser.types("/team")
    await browser.taps("Sign out everywhere")
    assert "You're signed out of the team here" in browser.sees
    await owner.types("/team")
    assert "The web page" not in owner.sees
    assert "Sign out everywhere" not in owner.sees


async def test_the_audit_log_holds_no_texts_and_no_young_people(house):
    owner = await house.staff()
    await invites_somebody(owner, "Worker")
    rows = await house.run(lambda db: db.run(select(audit.c.did, audit.c.about).order_by(audit.c.id)).all())
    assert [tuple(row) for row in rows] == [
        ("invite made", "owner"),
        ("joined the team", "owner"),
        ("invite made", "worker"),
    ]


@pytest.mark.parametrize("argument", ["i_", "i_x", "i_" + "a" * 22, "i_\N{SNOWMAN}", "i_' OR 1=1 --"])
async def test_a_link_that_never_was_is_refused(house, argument):
    someone = house.person()
    await someone.types(f"/start {argument}")
    assert "I don't know that link" in as_text(someone.heard[-2])
    assert await held(house) == []


@pytest.mark.parametrize("ending", ["by hand", "by the clock"])
async def test_the_next_user_of_the_computer_sees_nothing_that_staff_saw(any_house, ending):
    worker = await any_house.staff("worker", "a cookie", "web")
    await worker.types("/team")
    door = await any_house.run(lambda db: somebody.door_at(db, WEB, "a cookie").id)
    await any_house.run(lambda db: outbox.show(db, door, lambda message: message.say))

    async def seen() -> str:
        return "".join(line.say.text for line in await any_house.run(lambda db: threads.thread(db, door)))

    assert "Worker 1 (you)" in await seen()
    any_house.clock.on(minutes=1)
    if ending == "by hand":
        await worker.taps("Sign out everywhere")
    else:
        any_house.clock.on(hours=12)
    assert "Worker 1 (you)" not in await seen()


async def test_somebody_takes_over_what_a_leaving_member_began(any_house):
    owner = await any_house.staff()
    for role, address in (("worker", "2"), ("worker", "3"), ("decider", "4"), ("safeguarding", "5")):
        await any_house.staff(role, address)
    about = await any_house.run(lambda db: open_now(db, BUSES))
    await any_house.run(lambda db: publish(db, about, 1, state="draft"))
    theirs, heir = [number for number, role in await any_house.run(roles_held) if role == "worker"]
    await any_house.run(lambda db: db.run(update(outcomes).values(made_by=theirs)))
    begun = {"state": "draft", "language": "en", "title": {}, "text": {}, "bands": [], "made_by": theirs}
    await any_house.run(lambda db: db.run(news.insert().values(made_at=db.now, **begun)))
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Worker 1")
    await owner.taps("Somebody takes over")
    assert "Safeguarding" not in owner.sees
    assert "Worker 1" not in owner.sees
    await owner.taps("Back")
    assert "go to" not in owner.sees
    await owner.taps("Somebody takes over")
    await owner.taps("Worker 2")
    assert "good news go to Worker 2." in owner.sees
    await owner.taps("Yes, remove")
    for table in (outcomes, news):
        found = await any_house.run(lambda db, table=table: db.run(select(table.c.made_by)).scalars().all())
        assert found == [heir]
    assert await held(any_house) == ["decider", "owner", "safeguarding", "worker"]


async def test_nobody_takes_over_who_left_meanwhile(any_house):
    owner, _ = await any_house.staff(), await any_house.staff("worker", "2")
    await any_house.staff("worker", "3")
    await owner.types("/team")
    for label in ("Remove somebody", "Worker 1", "Somebody takes over", "Worker 2"):
        await owner.taps(label)
    heir = (await any_house.run(roles_held))[-1][0]
    await any_house.run(lambda db: db.run(delete(roles).where(roles.c.person_id == heir)))
    await owner.taps("Yes, remove")
    assert await held(any_house) == ["owner", "worker"]


def roles_held(db):
    return [(row.person_id, row.role) for row in db.run(select(roles).order_by(roles.c.person_id))]
