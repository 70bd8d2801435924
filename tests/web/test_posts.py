"""Forms outside the conversation, sent to the real page."""

from aiohttp import web

from conversations.team.effects import Invite
from handlers.web import posts
from handlers.web.posts import FormPost
from storage.people import people
from tests.web.serving import Served, open_door


async def test_leaving_twice_with_one_form_is_leaving_once(door: Served) -> None:
    async with door.browser() as ana:
        await ana.opens("/")
        await ana.presses("Start", shared="yes")
        tokens = {name: ana.tokens[name] for name in ("csrf", "once")}
        old = ana.cookie
        assert (await ana.asks("POST", "/leave", data=tokens))[0] == 200
        ana.cookie = old
        assert (await ana.asks("POST", "/leave", data=tokens))[0] == 200
        assert await door.house.run(lambda db: people.door_at(db, posts.WEB, old)) is None


async def test_a_form_that_is_refused_says_so_and_leads_nowhere(sqlite, monkeypatch) -> None:
    invite = FormPost("/invite", lambda _form: Invite("worker"), lambda *_: web.Response(text="done"))
    monkeypatch.setattr(posts, "POSTS", (*posts.POSTS, invite))
    async with open_door(sqlite) as door, door.browser() as ana:
        await ana.joins()
        status, _, text = await ana.asks("POST", "/invite", data={"csrf": ana.tokens["csrf"]})
        assert (status, "done" in text) == (403, False)
