"""Staff on the page: invites, signing in for twelve hours, and what is left when that ends."""

import asyncio
import re

import pytest
from aiohttp import FormData
from sqlalchemy import delete, func, select

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.messages import Attachment, Say
from handlers import turns
from storage.core.errors import Unavailable
from storage.outbox.outbox import seal
from storage.people import people
from storage.tables import outbox, roles, team_names
from storage.tables import people as people_table
from tests.house import House
from tests.web.serving import Served, Visitor, open_door


async def owners(door: Served) -> int:
    return await door.house.run(
        lambda db: db.run(select(func.count()).select_from(roles).where(roles.c.role == "owner")).scalar()
    )


async def test_looking_at_an_invite_redeems_nothing(door: Served) -> None:
    invite = await door.invite("owner")
    async with door.browser() as preview, door.browser() as olu:
        for method in ("GET", "HEAD", "GET"):
            status, _, _ = await preview.asks(method, invite)
            assert status == 200
            assert preview.cookie == ""
        assert await owners(door) == 0
        await olu.accepts(invite)
        assert "Welcome to the team of Sampleshire Youth Voice." in olu.question
        assert "Ask young people" in olu.question
    assert await owners(door) == 1


async def test_an_invite_works_once_and_for_a_day(door: Served) -> None:
    used, late = await door.invite("worker"), await door.invite("worker")
    async with door.browser() as wim, door.browser() as other:
        await other.opens(used)
        form = other.page.forms[-1]
        await wim.accepts(used)
        await other.posts(form.action, form.hidden)
        assert other.status == 410
        assert "This invite doesn't work any more" in other.sees
        assert other.cookie == ""
        door.house.clock.on(hours=24, minutes=1)
        for address in (used, late, "/i/" + "x" * 22, "/i/%00", "/i/%ff%fe", "/i/" + "x" * 2000):
            assert (await other.asks("GET", address))[0] == 410
    assert await door.house.run(lambda db: db.run(select(func.count()).select_from(roles)).scalar()) == 1


async def test_twenty_who_race_for_an_invite_are_one_owner(door: Served) -> None:
    invite = await door.invite("owner")
    racers = [door.browser() for _ in range(20)]
    try:
        for racer in racers:
            await racer.__aenter__()
        await asyncio.gather(*(racer.opens(invite) for racer in racers))
        await asyncio.gather(*(racer.presses("Accept the invite") for racer in racers))
        welcomed = [racer for racer in racers if "Welcome to the team" in racer.sees]
    finally:
        for racer in racers:
            await racer.__aexit__()
    assert len(welcomed) == 1
    assert await owners(door) == 1
    told = [racer.sees for racer in racers if racer not in welcomed]
    assert all("This invite doesn't work any more" in one or "works only once" in one for one in told)


async def test_an_impatient_owner_is_still_the_owner(door: Served) -> None:
    invite = await door.invite("owner")
    async with door.browser() as olu, door.browser() as same_hand:
        await olu.opens(invite)
        same_hand.form_cookie = olu.form_cookie
        form = olu.page.forms[-1]
        first, again = await asyncio.gather(
            olu.asks("POST", form.action, data=form.hidden),
            same_hand.asks("POST", form.action, data=form.hidden),
        )
        assert first[0] == again[0] == 303
        assert first[1]["Set-Cookie"] == again[1]["Set-Cookie"]
        assert "Welcome to the team" in (await same_hand.opens("/")).text


async def test_an_invite_that_could_not_be_stored_leaves_the_page_as_it_was(
    door: Served, monkeypatch
) -> None:
    """The page's new address and the turn are one transaction: a failure between them would lose the page."""

    def unavailable(*_: object) -> None:
        raise Unavailable("SQLITE_FULL")

    async with door.browser() as olu:
        await olu.joins()
        invite = await door.invite("worker")
        await olu.opens(invite)
        with monkeypatch.context() as broken:
            broken.setattr(turns, "_handle_event", unavailable)
            status, _, _ = await olu.asks("POST", olu.page.forms[-1].action, data=olu.page.forms[-1].hidden)
        assert status == 503
        door.house.clock.on(minutes=5)
        assert "Your conversation" in (await olu.opens("/")).text
        await olu.accepts(invite)
        assert "Welcome to the team" in olu.sees


async def test_a_cookie_from_before_signing_in_is_not_signed_in(door: Served) -> None:
    async with door.browser() as olu, door.browser() as sat_there_before:
        await olu.opens("/")
        await olu.presses("Start")
        sat_there_before.cookie = olu.cookie
        assert "Your conversation" in (await sat_there_before.opens("/")).text
        await olu.accepts(await door.invite("owner"))
        assert "Welcome to the team" in olu.sees
        assert "Say what you think." in (await sat_there_before.opens("/")).text


async def test_a_sign_in_ends_after_twelve_hours_and_removes_what_staff_saw(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        await olu.presses("Ask young people")
        assert "Ask young people" in olu.sees
        door.house.clock.on(hours=11, minutes=59)
        assert "Ask young people" in (await olu.opens("/")).text
        old = olu.tokens
        door.house.clock.on(minutes=2)
        await olu.opens("/")
        assert "You're signed out of the team here." in olu.question
        assert "Ask young people" not in olu.sees
        await olu.posts("/turn", {**olu.tokens, "visit": old["visit"], "choice": f"{old['visit']}:/team"})
        assert "Nobody else" not in olu.sees
        assert "signed out of the team" in olu.question


async def test_an_attachment_for_staff_needs_their_sign_in(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        line = await _with_attachment(door, olu)
        assert (await olu.fetches(f"/paper/{line}")).startswith(b"PK")
        # The same person on Telegram, where staff stay signed in, opens nothing at this page.
        owner = await door.house.run(lambda db: db.run(select(people_table.c.id)).scalar())
        await door.house.run(lambda db: people.add_door(db, owner, TELEGRAM, "5550001"))
        door.house.clock.on(hours=13)
        assert (await olu.asks("GET", f"/paper/{line}"))[0] == 404


async def _with_attachment(door: Served, olu: Visitor) -> int:
    """Puts an export into the page's conversation, as /results does; returns its line."""

    def put(db) -> int:
        found = people.door_at(db, WEB, olu.cookie)
        attachment = Attachment("export", {"person": found.person.id, "consultation": 1})
        values = {
            "door_id": found.id,
            "door_kind": "web",
            "lane": "conversation",
            "kind": "say",
            "state": "shown",
        }
        sealed = seal(db, "export", Say("Here it is.", attachment=attachment))
        return db.run(
            outbox.insert().values(once="export", sealed=sealed, due=db.now, settled_at=db.now, **values)
        ).inserted_primary_key[0]

    return await door.house.run(put)


async def test_removed_staff_press_old_buttons_without_effect(door: Served) -> None:
    async with door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await door.house.run(lambda db: db.run(delete(roles)))
        await wim.presses("Ask young people")
        assert wim.status == 200
        assert "What do you want to ask" not in wim.sees
        assert 'name="workbook"' not in wim.page.html
        await wim.posts("/turn", {**wim.tokens, "command": "team"})
        assert "Owner" not in wim.question


@pytest.mark.parametrize("role", ["owner", "worker", "decider", "safeguarding"])
async def test_every_role_has_its_own_work_in_the_menu(door: Served, role: str) -> None:
    work = {
        "owner": {"Ask young people", "Results", "You said, we did", "Safeguarding cases", "Team"},
        "worker": {"Ask young people", "Results", "You said, we did", "Team"},
        "decider": {"Results", "You said, we did", "Team"},
        "safeguarding": {"Safeguarding cases", "Team"},
    }
    async with door.browser() as member:
        await member.accepts(await door.invite(role))
        menu = member.page.forms[0]
        labels = {button.label for button in menu.buttons}
        assert labels & work["owner"] == work[role]


async def test_ones_own_second_door_is_the_same_member_of_the_team(door: Served) -> None:
    async with door.browser() as desktop, door.browser() as home:
        await desktop.accepts(await door.invite("decider"))
        await desktop.presses("Team")
        await desktop.presses("My other door")
        link = next(word for word in desktop.sees.split() if f"{door.url}/i/" in word).removeprefix(door.url)
        await home.opens(link)
        assert "This link makes this browser yours too" in home.sees
        await home.presses("Accept the invite")
        assert "Decider" in home.question
        assert await door.house.run(lambda db: db.run(select(func.count()).select_from(roles)).scalar()) == 1
        # The link is shown until its page moves on; then it disappears there too.
        assert link in (await desktop.opens("/")).html
        await desktop.presses("Back to the team")
        assert link not in (await desktop.opens("/")).html


async def test_the_only_owner_reads_how_they_can_get_in_again(sqlite) -> None:
    async with open_door(sqlite, accounts={}) as door, door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        works = "Whoever runs Heard makes you a link: python -m bot invite --role owner"
        assert works in olu.question
        assert "ask an owner" not in olu.question.lower()
        door.house.clock.on(hours=13)
        await olu.opens("/")
        assert "You're signed out of the team here." in olu.question
        assert works in olu.question
        assert "ask an owner" not in olu.question.lower()
        await olu.accepts(await door.invite("owner"))  # what that command prints
        assert "Welcome to the team" in olu.question
        assert await owners(door) == 1


async def test_an_owner_with_colleagues_is_sent_to_another_owner_and_to_their_own_telegram(
    door: Served,
) -> None:
    async with door.browser() as wim:
        await door.house.staff("owner", "5559001")
        await wim.accepts(await door.invite("worker"))
        assert "Ask an owner of the team for a new link." in wim.question
        assert "In Telegram you stay signed in" in wim.question
        worker = await door.house.run(
            lambda db: db.run(select(roles.c.person_id).where(roles.c.role == "worker")).scalar()
        )
        await door.house.run(lambda db: people.add_door(db, worker, TELEGRAM, "5550001"))
        door.house.clock.on(hours=13)
        await wim.opens("/")
        assert "In Telegram, send /team and choose “My other door”." in wim.question
        assert "python -m bot" not in wim.question


async def test_a_member_is_known_by_the_name_they_gave_and_young_people_never_see_it(door: Served) -> None:
    async with door.browser() as olu, door.browser() as wim, door.browser() as ana:
        await olu.accepts(await door.invite("owner"))
        await wim.accepts(await door.invite("worker"))
        assert "What should the team call you?" in wim.question
        await wim.writes("  Wim   de Boer ")
        assert "Ask young people" in wim.question
        await olu.presses("Team")
        assert "Wim de Boer: Worker, on the web page" in olu.question
        await olu.presses("Remove somebody")
        await olu.presses("Wim de Boer")
        await olu.presses("No, go back")
        await wim.accepts(await door.invite("decider"))
        assert "What should the team call you?" not in wim.question  # asked once
        await ana.joins()
        assert "Wim" not in ana.page.html
        await wim.presses("My data")
        assert "The team calls you: Wim de Boer" in wim.question


async def test_a_name_can_be_cleared_and_is_removed_with_the_role(any_house: House) -> None:
    owner, worker = await any_house.staff(), await any_house.staff("worker", "2")
    names = lambda: any_house.run(lambda db: len(db.run(select(team_names)).all()))  # noqa: E731
    await worker.types("W" * 41)
    assert "Stay under 40 letters." in worker.heard[-2].text
    await worker.types("Wim")
    assert await names() == 1
    await worker.types("/team")
    await worker.taps("My name here")
    await worker.taps("No name")
    assert await names() == 0
    await worker.taps("My name here")
    await worker.types("Wim")
    await owner.types("/team")
    await owner.taps("Remove somebody")
    await owner.taps("Wim")
    await owner.taps("Yes, remove")
    assert await names() == 0


async def test_a_link_is_a_separate_field_to_copy(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        for label in ("Team", "Invite somebody", "Worker", "Make the link"):
            await olu.presses(label)
        field = re.search(r'<input id="copy1" type="text" readonly dir="ltr" value="([^"]+)">', olu.page.html)
        assert field[1].startswith(f"{door.url}/i/")
        assert olu.question.count("/i/") == 1
        assert (await olu.asks("GET", field[1].removeprefix(door.url)))[0] == 200


async def test_staffs_own_work_comes_first_in_their_menu(door: Served) -> None:
    async with door.browser() as olu:
        await olu.accepts(await door.invite("owner"))
        menu = [button.label for button in olu.page.forms[0].buttons]
        assert menu[:12] == [
            "Home", "Ask young people", "Inbox", "Results", "You said, we did", "What we promised", "What stands open",
            "Good news", "What was sent", "Safeguarding cases", "Helplines", "Team",
        ]  # fmt: skip
        assert menu.index("Have your say") > menu.index("Team")
        folded = olu.page.html.partition('<details class="folded">')[2].partition("</details>")[0]
        assert "Have your say" in folded
        assert "Delete everything" in folded


async def test_a_sample_workbook_can_be_downloaded_where_one_is_uploaded(door: Served) -> None:
    async with door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await wim.presses("Ask young people")
        assert "Your workbook" not in wim.question
        await wim.presses("New: send a workbook")
        assert "required" in wim.page.html.partition('name="workbook"')[2].partition(">")[0]
        await wim.presses("See a sample workbook")
        attachment = next(address for address in wim.page.addresses if address.startswith("/paper/"))
        _, headers, _ = await wim.asks("HEAD", attachment)
        assert 'filename="buses-after-school.xlsx"' in headers["Content-Disposition"]
        content = await wim.fetches(attachment)
        await wim.uploads(content)
        assert "A draft: nobody has seen it yet." in wim.question


async def test_sending_no_file_is_reported(door: Served) -> None:
    async with door.browser() as wim:
        await wim.accepts(await door.invite("worker"))
        await wim.presses("Ask young people")
        await wim.presses("New: send a workbook")
        form = wim.page.forms[-1]
        body = FormData(form.hidden, default_to_multipart=True)
        body.add_field("workbook", b"", filename="", content_type="application/octet-stream")
        await wim.asks("POST", "/turn", data=body)
        await wim.opens("/")
        assert "There was no workbook. Choose the file (.xlsx), then send it." in wim.question
