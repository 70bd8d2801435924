"""Conversations as scripts: `tests/scripts/*.txt`, played in the whole app.

A line that begins with ">" is what a person does: typed words, a [button], a /command, a (sticker). "<" is
what Heard says, "*" what is done, "=" what happens meanwhile. `pytest --rewrite-scripts` writes what was said
into the files; read the diff.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.cli.play import Player, open_now, transcript
from bot.scheduler.scheduler import tick
from conversations.consultations.sample import BUSES
from conversations.core.channels import BY_NAME, TELEGRAM
from conversations.core.messages import Say
from conversations.core.person import BANDS
from conversations.core.record import replace
from conversations.issues.effects import AnswerIssue, AskBack, CloseIssue, MergeIssue
from conversations.promises.effects import ChangeStatus, MovePromise
from conversations.promises.promise import PromiseRef
from conversations.results.effects import AskToQuote
from handlers import announcements
from handlers.digest import build_digests
from storage.consultations import answers
from storage.consultations.consultations import consultations_where, end_of_day
from storage.followup import schedule as revisit_schedule
from storage.issues import inbox
from storage.outbox import broadcasts, dispatching
from storage.outbox.dispatching import Settlement
from storage.outbox.outbox import message_of
from storage.outcomes.recipients import OUTCOME_RECIPIENTS
from storage.people import people as people_of
from storage.promises import promises
from storage.promises import updates as promise_updates
from storage.results import quotes
from storage.tables import answers as answers_table
from storage.tables import consultations, outbox, people, revisits
from storage.team import members as team
from tests.crowd import HUB, add_crowd
from tests.house import House
from tests.raised import member, raised, somebody, told, with_areas
from tests.sample_forms import KINDS, publish

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.txt"))
ENGLISH = replace(HUB, about={"en": "We are planning a place for young people."})
FORMS = {"sample": BUSES, "kinds": KINDS, "english": ENGLISH}
TOKEN = re.compile(r"(?<=i[/_])[A-Za-z0-9_-]{22}\b")
RETURN_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
# What Heard says or does: a sign, and the indented lines under it, with single empty ones between.
HEARD = re.compile(r"^[<*] .*\n(?:  .*\n|\n+(?=  ))*", re.MULTILINE)
MOVES = re.compile(r"the team moves (?:(?P<part>the part)|the day) to (?P<day>[\d-]+): (?P<why>.+)")
GOES_ON = re.compile(r"the part is (?P<now>doing|did|cant)(: (?P<why>.+))?")
THE_TEAM = re.compile(r"the team (asks|answers|closes it|makes it part): (.*)")
LATER = re.compile(r"(\d+) (minute|hour|day|week)s? later")


@dataclass
class Script:
    """A script's head, and the lines that an author wrote; the rest is played."""

    lines: list[str]
    head: dict[str, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)


def script_of(text: str) -> Script:
    script = Script(HEARD.sub("", text).splitlines())
    for line in takewhile(lambda line: line.strip() and not line.startswith(">"), script.lines):
        key, _, value = line.partition(": ")
        if line.startswith("#"):
            continue
        if key == "consultation":
            script.opened.append(value)
        else:
            script.head[key] = value
    return script


async def played(house: House, script: Script) -> str:
    player = Player(house.runtime, BY_NAME[script.head.get("door", TELEGRAM.name)])
    await _set_out(house, player, script)
    out: list[str] = []
    for line in script.lines:
        out.append(line)
        if line.startswith("> "):
            heard = await player.plays(line[2:])
            out += [block for effect in heard.effects for block in _block("* ", str(effect))]
            out += [block for say in heard.says for block in _block("< ", transcript(say))]
        elif line.startswith("= "):
            came = await _happens(house, line[2:])
            player.heard += came
            out += [block for say in came for block in _block("< ", transcript(say))]
    return "\n".join(out) + "\n"


async def _set_out(house: House, player: Player, script: Script) -> None:
    """The head: `consultation` opens one, `joined` and `role` say who talks, `answers: 22` what 22 said to it;
    `areas` are the team's, `raised` is what somebody else raised, `news` what went out.
    """
    for line in script.opened:
        await house.run(lambda db, line=line: _open(db, line))
    if "areas" in script.head:
        await house.run(lambda db: with_areas(db, *script.head["areas"].split(", ")))
    for words in filter(None, script.head.get("raised", "").split("; ")):
        await house.run(lambda db, words=words: raised(db, somebody(db, words), words))
    if "news" in script.head:
        await house.run(lambda db: told(db, *script.head["news"].split("; ")))
    for _ in range(int(script.head.get("answers", 0))):
        await house.run(_somebody_answered)
    if "role" in script.head:
        token = await house.run(lambda db: team.invite(db, script.head["role"]))
        await player.plays(f"/start i_{token}")
    if "joined" in script.head:
        band, _, language = script.head["joined"].partition(", ")
        for line in ("/start", f"[{language or 'English'}]"):
            await player.plays(line)
        labels = [button.label for button in player.buttons()]
        if "Normal" in labels:
            await player.plays("[Normal]")
        for key in ("ok", next(b for b in BANDS if b == band.replace("–", "-")), "yes"):
            label = next(button.label for button in player.buttons() if button.key == key)
            await player.plays(f"[{label}]")


def _open(db, line: str) -> None:
    """One line of a head: "sample, closes 2026-12-04, reply by 2026-12-20, decides the councillor, for 16-17"."""
    name, *more = line.split(", ")
    form, columns = FORMS[name], {}
    for part in more:
        match part.split(" ", 1):
            case "closes", day:
                columns["closes_at"] = end_of_day(date.fromisoformat(day), db)
            case "reply", day:
                columns["reply_by"] = date.fromisoformat(day.removeprefix("by "))
            case "decides", who:
                form = replace(form, decision_maker={"en": who, "pl": who, "ar": who})
            case "for", bands:
                form = replace(form, audience=tuple(bands.split(" and ")))
            case _:
                raise ValueError(part)
    open_now(db, form, **columns)


def _somebody_answered(db) -> None:
    """One more person, who gave the first answers that there are: two in three the same."""
    about = consultations_where(db)[0]
    (person,) = add_crowd(
        db, 1, consultation=about.id, first=db.run(select(func.count()).select_from(people)).scalar()
    )
    choosing, writing = (
        next(question for question in about.form.questions if question.kind == kind)
        for kind in ("select_one", "text")
    )
    answers.replace(db, person, about.id, choosing, choosing.options[2 if person % 3 else 0].name)
    answers.replace(db, person, about.id, writing, "more lights at the stop")


async def _happens(house: House, what: str) -> list[Say]:
    """Lets something happen meanwhile; returns the messages that come by themselves."""
    if found := LATER.fullmatch(what):
        house.clock.on(**{f"{found[2]}s": int(found[1])})
    elif what == "it closes":
        await house.run(lambda db: db.run(update(consultations).values(state="closed")))
    elif what == "it is answered":
        await house.run(lambda db: publish(db, 1, 1))
    elif what == "it is over":
        await house.run(revisit_schedule.run_due)
    elif what == "the team gives the answer":
        await house.run(_answer)
    elif what == "they get the answer":
        return [await house.run(lambda db: _gets_the_answer(house, db))]
    elif what == "they are asked whether it happened":
        return [await house.run(lambda db: _asked_whether(house, db))]
    elif what == "the team is asked whether it happened":
        return [await house.run(lambda db: _the_team_is_asked(house, db))]
    elif what == "the clock ticks":
        await tick(house.runtime)
    elif found := MOVES.fullmatch(what):
        await house.run(lambda db: _moved(db, found["part"], found["day"], found["why"]))
    elif found := GOES_ON.fullmatch(what):
        await house.run(lambda db: _goes_on(db, found["now"], found["why"] or ""))
    elif what == "what waits is sent":
        return await house.run(lambda db: _sent(house, db))
    elif what == "they are asked to be quoted":
        return [await house.run(lambda db: _asked_to_be_quoted(house, db))]
    elif found := THE_TEAM.fullmatch(what):
        await house.run(lambda db: _the_team(db, found[1], found[2]))
    else:
        raise ValueError(what)
    return []


def _answer(db) -> None:
    """Publishes an outcome of the first consultation, and sends it to its contributors."""
    publish(db, 1, 1)
    db.run(update(consultations).values(state="answered"))
    revisit_schedule.begin(db, 1)
    broadcasts.begin(db, OUTCOME_RECIPIENTS, 1, db.now, None)


def _gets_the_answer(house: House, db) -> Say:
    _answer(db)
    return _reaches(house, db, "outcome")


def _asked_whether(house: House, db) -> Say:
    """On the day of the first promise the team said that it is done; now those who took part are asked."""
    first = db.run(select(revisits).order_by(revisits.c.id)).first()
    due = {"state": "owner", "owner_says": "yes", "due": db.now}
    db.run(update(revisits).where(revisits.c.id == first.id).values(**due))
    revisit_schedule.run_due(db)
    return _reaches(house, db, "revisit")


def _the_team_is_asked(house: House, db) -> Say:
    db.run(update(revisits).where(revisits.c.state == "waiting").values(due=db.now))
    revisit_schedule.run_due(db)
    return _reaches(house, db, "happened")


def _reaches(house: House, db, kind: str) -> Say:
    """The waiting message of this kind, as its recipient gets it."""
    row = db.run(select(outbox.c).where(outbox.c.kind == kind, outbox.c.state == "waiting")).first()
    say = announcements.build(house.runtime, db, message_of(db, row))
    db.run(outbox.update().where(outbox.c.id == row.id).values(state="sent", message="99"))
    return say


def _moved(db, part: str | None, day: str, why: str) -> None:
    """A team member moves the day of the consultation, or of its first part."""
    of = PromiseRef("part", 1) if part else PromiseRef("consultation", 1)
    promise = promises.open_promise(db, of)
    promise_updates.move(db, _member(db), MovePromise(of, promise.due, date.fromisoformat(day), why))


def _goes_on(db, now: str, why: str) -> None:
    """A team member's status update on the first part."""
    _outcome, part = promises.published_part(db, 1)
    promise_updates.change(db, _member(db), ChangeStatus(1, part.stands, now, why))


def _member(db):
    return people_of.find_or_create_door(db, TELEGRAM, "a-worker")


def _sent(house: House, db) -> list[Say]:
    """What the courier would send now, with a digest for each chat."""
    messages = dispatching.claim(db, TELEGRAM, ("broadcast",), 20)
    if not messages:
        return []
    dispatching.intend(db, messages)
    built = build_digests(house.runtime, db, messages)
    going = [(number, one) for number, one in built.items() if isinstance(one.say, Say)]
    dispatching.settle(
        db, [Settlement(n, "sent", "99") for number, one in going for n in (number, *one.along)]
    )
    return [one.say for _number, one in going]


def _asked_to_be_quoted(house: House, db) -> Say:
    """The message when a team member asks to quote the first text."""
    written = db.run(select(answers_table).where(answers_table.c.sealed.is_not(None))).first()
    member = people_of.find_or_create_door(db, TELEGRAM, "a-worker")
    quotes.ask(db, member, AskToQuote(written.consultation_id, written.question, written.person_id))
    row = db.run(select(outbox.c).where(outbox.c.kind == "quote")).one()
    say = announcements.build(house.runtime, db, message_of(db, row))
    db.run(outbox.update().where(outbox.c.id == row.id).values(state="sent", message="99"))
    return say


def _the_team(db, does: str, words: str) -> None:
    """What a team member does about the first issue."""
    worker = member(db)
    match does:
        case "asks":
            inbox.ask_back(db, worker, AskBack(1, words))
        case "answers":
            inbox.answer(db, worker, AnswerIssue(1, words))
        case "closes it":
            inbox.close(db, worker, CloseIssue(1, words))
        case "makes it part":
            inbox.merge(db, worker, MergeIssue(1, int(words)))


def _block(mark: str, text: str) -> list[str]:
    lines = TOKEN.sub("TOKEN", RETURN_CODE.sub("XXXX-XXXX-XXXX", text)).splitlines()
    return [f"{mark if n == 0 else '  '}{line}".rstrip() for n, line in enumerate(lines)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_the_conversation_goes_as_it_is_written(
    house: House, path: Path, request: pytest.FixtureRequest
):
    text = path.read_text("utf-8")
    after = await played(house, script_of(text))
    if request.config.getoption("--rewrite-scripts"):
        path.write_text(after, "utf-8")
    assert after.splitlines() == text.splitlines() or request.config.getoption("--rewrite-scripts")


async def test_a_script_that_says_something_else_is_noticed(house: House):
    text = "> /start\n< Good morning\n"
    assert "Good morning" not in await played(house, script_of(text))


async def test_a_button_that_was_never_shown_stops_the_script(house: House):
    from bot.cli.play import NoSuchButton

    with pytest.raises(NoSuchButton):
        await played(house, script_of("> /start\n> [Yes, delete it]\n"))
