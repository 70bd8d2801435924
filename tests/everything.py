"""A young person who visits every flow, in any language: everything that Heard says to them, by flow."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from gettext import NullTranslations
from pathlib import Path

from sqlalchemy import delete, func, select, update

from bot.cli.play import open_now
from conversations.broadcasts.digest import bundle
from conversations.broadcasts.messages import MESSAGE_KINDS
from conversations.consultations.sample import BUSES
from conversations.core.channels import TELEGRAM
from conversations.core.effects import Effect
from conversations.core.events import Chose, Edited, Said
from conversations.core.i18n import Library
from conversations.core.messages import Choice, Say, Session
from conversations.core.person import BANDS
from conversations.core.record import replace
from conversations.core.throttle import MOST
from conversations.involvement.ways import WAYS
from conversations.issues.effects import AnswerIssue, AskBack, CloseIssue, MergeIssue, MoveIssue
from conversations.outcomes.outcome import PART_TEXTS, Part
from conversations.results.effects import AskToQuote
from conversations.safeguarding.help.effects import SetHelpline
from conversations.safeguarding.help.ways import Helpline
from conversations.team.corrections import WHYS
from storage.core.dispatch import dispatch
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.followup import schedule as revisit_schedule
from storage.issues import deadlines as reply_deadlines
from storage.operations import retention
from storage.outcomes import history as outcome_history
from storage.people import people
from storage.registry import HANDLERS, load
from storage.results import quotes
from storage.safeguarding.helplines import set_line
from storage.safeguarding.kept_back import TextsReleased
from storage.tables import answers, cases, consultations, helplines, issues, outbox, revisits, roles
from storage.tables import people as people_table
from storage.team import corrections
from tests.house import House, Someone, make_house, new_sqlite
from tests.lookout import SOFT_WORD
from tests.raised import member, raised, somebody, told, with_areas
from tests.sample_forms import KINDS, publish

SPOKEN = (("en", "normal"), ("en", "young"), ("en", "easy"), ("pl", "normal"), ("ar", "normal"))

# Moves, separated by " > ": "[key]" taps the newest button with that key, "(voice)" sends, "+9" lets days go by,
# "LONG" and "BLANK" are typed so, "=asks" is something that the team or the clock does; all else is typed as it stands.
_HELLO = "/start > [LANGUAGE] > [VERSION]"
_EACH_WAY = " > ".join(f"[{way.key}] > [toggle] > [{way.key}] > [toggle]" for way in WAYS)
_FIVE = " > ".join(["/raise new > [healthy] > [other] > one more bench > [send]"] * 5)
_RAISED = "/raise new > [healthy] > [other] > i want to die > [on]"
CHAT = {
    "join": "/start > hello > /say > [LANGUAGE] > [VERSION] > (voice) > (photo) > (sticker) > (location) > (file)"
    f" > [more] > /help > /mydata > [no] > {_HELLO} > [back] > [VERSION] > [ok] > [back] > [ok] > [26plus]"
    f" > {_HELLO} > [ok] > [16-17] > [yes] > /nonsense > hello",
    "help": "/help > /privacy > [/privacy who] > [/privacy others] > [/privacy long] > [/privacy rights] > /rights > =lines > /help > =usual",
    "ways": f"/ways > [done] > /ways > {_EACH_WAY} > [answer] > [toggle] > [done]",
    "settings": "/settings > [language] > [back] > [version] > [back] > [age] > [back] > [age] > [26plus] > [back]"
    " > [16-17] > /settings > [messages] > [weekly] > [messages] > [mine] > /language > /language LANGUAGE > /back",
    "say": "/say all > [1] > [why] > [later] > /say 1 > [start] > [stop] > /say 1 > [start] > [2] > STOP > [no]"
    " > BACK > more lights > [0] > [1] > [back] > [keep] > [stop] > /say all > /home > /say > 9 > [0] > [done] > 9 > [skip] > [skip] > [change]"
    " > [3] > 4 > [change] > [1] > lamps > [done] > /say 1 > [start] > [done] > /say all > (edit) > /say 99",
    "kinds": "/say 2 > [why] > [start] > maybe > [go] > maybe > [0] > 7 > 1, 2 > [1] > 1, 9 > 1, 2, 3 > 1 > 11 > [3]"
    " > 61 > [skip] > many > 9999999999 > 25 > 4 > LONG > BLANK > a garden > [done]"
    " > [change] > [change] > [2] > [2] > (weighed) > [skip] > [change] > [2] > [0] > (weighed) > [done]",
    "quotes": "/quote > (asked) > [/quote 1 yes] > /mydata > [/quote] > [back:1] > [/quote 1 yes] > /quote > 1 > [/quote 1 no]"
    " > /say 1 > [change] > [change] > [1] > something new > [done] > [/quote 1 yes]",
    "after": "/revisit > (told) > /right 1 more > too soon > [/right 1 no] > [/right 1 yes] > [/right 1 more] > [later]"
    " > [/right 1 more] > LONG > BLANK > it is still dark > [/right 1 pulse] > hello > [yes] > [bit] > [skip] > [no]"
    " > [/right 1 pulse] > [stop] > /right > /right 2 pulse > /right 2 yes > (revisited) > [/revisit 1 no] > /revisit > 9"
    " > 1 > hello > [/revisit 1 yes] > [/revisit 1 more] > it is not there > /mydata > /revisit > [one:1] > (over) > hello"
    " > /revisit 1 yes > /revisit 9 no > /home",
    "raise": "/raise > 9 > [learning] > [back] > [safe] > [area:0] > LONG > BLANK > the stop is dark > [change]"
    " > [keep] > [later] > /raise > [send] > /raise > [one:2] > [more] > [back] > [more] > it is still dark > =asks"
    " > /raise > [one:2] > [more] > the one by the river > =moves > =asks > =late > /raise > [one:2] > [enough] > [more]"
    " > it is still so > =late > /raise > =answers > /raise 2 > [more] > but when > =closes > /raise > [one:2] > /raise new"
    " > a tap in the park > [else] > [unsaid] > [send] > =merges > /raise > [one:3] > =parts > =answers > /raise new > [individual]"
    f" > [area:1] > not this > [change] > [back] > [back] > [understood] > [drop] > [send] > {_FIVE} > /raise 99"
    " > /raise new > dropped again > (early) > (reply) > (forwarded) > (captioned) > =hammers",
    "raised": "=closes > /raise new > half a thought > /mydata > =lapses > /raise > [one:3] > /raise > [one:2] > =news > /changed > [news] > [one:1] > [list] > =reviews > /home"
    " > /inbox > /help",
    "mydata": "/mydata > [file] > [rest] > [withheld] > [/mydata] > [take] > 1 > [no] > 1 > [yes] > [/mydata] > [using] > [no] > [using] > [yes] > /say > [/raise data] > my age is wrong > [send] > /mydata > [using] > [again] > /mydata > [/delete] > [no]",
    "changed": "/changed > [1] > [list] > [2] > /changed 99 > /changed > [themes] > [back] > [themes] > [safe] > [areas]"
    " > [back] > [areas] > [area:0] > [all]",
    "support": f"/home > i feel {SOFT_WORD} > /mydata > /reply > /say 3 > [start] > [0] > i want to die > are you there > [talk] > [/reply] > LONG > [later] > [/reply]"
    " > ring me after six > (voice) > [on] > /home > /mydata > /reply > [stop] > /reply later > /say 3 > i dont want to die > [on] > my friend wants to kill herself > [on] > my dad beats me > [stop]",
    "kept": f"=forgets > {_RAISED} > [send] > /raise > 1 > [more] > every night > /mydata > =passes > /raise > 1 > [more]"
    f" > i want to die > [on] > =overdue > =passes > {_RAISED} > [send] > =hides > /raise > {_RAISED} > =hides > /raise new",
    "closing": "/mydata > /say 3 > [start] > [3] > +9 > too late > /say 3 > /say 4 > /home > /say all",
    "leaving": "unsubscribe > [no] > unsubscribe > [yes] > /start > /stop > =forgets > /raise > [healthy] > [other] > a bench > [send] > /say all > /say 1 > /home > /start > (forgetting) > /delete > [yes]",
}
PAGE = (
    f"{_HELLO} > [ok] > [13-15] > [yes] > /mydata > [take] > /raise > [healthy] > [other] > a bench > [send] > /changed > /mydata > /say 1 > [start] > [0] > fine > [4] > [skip] > [done]"
    " > [0] > /settings > [code] > /say 1 > [start] > /stop > /say 1 > [start] > [done] > /help > /delete > [yes]"
)
_TYPED = {"LONG": "y" * 4001, "BLANK": " ", "STOP": "stop", "BACK": "back"}


def texts(en: str, pl: str, ar: str) -> dict[str, str]:
    return {"en": en, "pl": pl, "ar": ar}


# What staff wrote, in words short enough for every version; the second outcome is only in English.
GONE = 99  # an outcome that was withdrawn
PARTS = (
    Part(
        you_said=texts("More lights.", "Więcej światła.", "المزيد من الأضواء."),
        we_heard=texts("It is the dark.", "Jest tam ciemno.", "المكان مظلم."),
        decision="will",
        what=texts("Put two lamps there.", "Postawimy tam dwie lampy.", "سنضع مصباحين هناك."),
        owner=texts("Highways", "Drogi", "قسم الطرق"),
        due=date(2027, 3, 31),
    ),
    Part(
        you_said=texts("Free buses.", "Darmowe autobusy.", "حافلات مجانية."),
        decision="cant",
        what=texts("Pay for all buses.", "Płacić za wszystkie autobusy.", "دفع ثمن كل الحافلات."),
        because=texts("It costs too much.", "To za dużo kosztuje.", "التكلفة كبيرة جدًا."),
    ),
    Part(
        you_said=texts("Later buses.", "Późniejsze autobusy.", "حافلات متأخرة."),
        decision="did",
        what=texts(
            "Run the last bus at ten.", "Ostatni autobus jeździ o dziesiątej.", "آخر حافلة في العاشرة."
        ),
    ),
    Part(
        you_said=texts("Cleaner stops.", "Czystsze przystanki.", "مواقف أنظف."),
        decision="doing",
        what=texts("Clean them each week.", "Sprzątamy je co tydzień.", "ننظفها كل أسبوع."),
    ),
)
IN_ENGLISH = tuple(
    replace(part, **{name: {"en": part.text(name)["en"]} for name in PART_TEXTS if part.text(name)})
    for part in PARTS
)


class Listening(NullTranslations):
    """A catalogue that records its lookups."""

    def __init__(self, inner: NullTranslations, heard: set[str]) -> None:
        super().__init__()
        self.inner, self.heard = inner, heard

    def gettext(self, message: str) -> str:
        self.heard.add(message)
        return self.inner.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.heard.add(msgid1)
        return self.inner.ngettext(msgid1, msgid2, n)


@dataclass
class Walk:
    """Everything said in each flow, and the catalogue messages used."""

    said: dict[str, list[Say]] = field(default_factory=dict)
    asked_for: set[str] = field(default_factory=set)

    def texts(self, flow: str) -> list[str]:
        return [text for say in self.said[flow] for text in (say.heading, say.whole) if text]

    @property
    def says(self) -> Iterable[Say]:
        return (say for flow in self.said.values() for say in flow)


async def go_everywhere(language: str, version: str, template: bytes) -> Walk:
    """Visits everything, in a separate house. `template` is a migrated SQLite file."""
    walk = Walk()
    with tempfile.TemporaryDirectory() as folder:
        house = make_house(new_sqlite(Path(folder) / "heard.db", template))
        house.runtime = replace(house.runtime, catalogues=_listened_to(house.runtime.library, walk.asked_for))
        await house.run(_fill)
        person = house.person()
        walk.said["page"] = await _moved(house.person("page", "web"), PAGE, language, version)
        for flow, moves in CHAT.items():
            walk.said[flow] = await _moved(person, moves, language, version)
            if flow == "support":
                for role, address in (("worker", "5559001"), ("safeguarding", "5559002")):
                    await house.staff(role, address)
                    walk.said[f"told {role}"] = await _moved(person, moves, language, version)
                    house.clock.on(minutes=11)
                walk.said["put right"] = await house.run(lambda db: list(_put_right(house, db, person)))
            if flow == "say":
                walk.said["news"] = await house.run(lambda db: list(_news(house, db, person)))
        rules = replace(house.runtime.rules, public_url="https://heard.example.org")
        house.runtime = replace(house.runtime, rules=rules)
        joined = f"{_HELLO} > [ok] > [16-17] > [yes]"
        walk.said["shared"] = await _moved(
            house.person("shared"), f"{joined} > /changed 1", language, version
        )
        young = house.person("young")
        walk.said["too young"] = await _moved(young, f"{_HELLO} > [ok] > [13-15]", language, version)
        child = house.person("child")
        walk.said["under ten"] = await _moved(
            child, f"{_HELLO} > [ok] > [under10] > /start", language, version
        )
        await house.runtime.database.close()
    return walk


def _listened_to(library: Library, heard: set[str]) -> Library:
    catalogues = {"en": NullTranslations(), **library.catalogues}
    return replace(library, catalogues={key: Listening(one, heard) for key, one in catalogues.items()})


async def _moved(person: Someone, moves: str, language: str, version: str) -> list[Say]:
    before = len(person.heard)
    for move in moves.split(" > "):
        await _move(person, move.replace("LANGUAGE", language).replace("VERSION", version))
    return person.heard[before:]


async def _move(person: Someone, move: str) -> None:
    person.house.clock.on(seconds=2)
    if move.startswith("+"):
        person.house.clock.on(days=int(move[1:]))
        await person.house.run(_close_the_third)
    elif move in _OUR_SIDE:
        person.heard += await person.house.run(lambda db: _OUR_SIDE[move](person, db))
    elif move == "=hammers":
        for _ in range(MOST + 1):
            await person.types("hello")
        person.house.clock.on(minutes=1)
    elif move.startswith("="):
        person.heard += await person.house.run(lambda db: _meanwhile(db, person, move[1:]))
    elif move == "(edit)":
        await person.does(Edited("something else", str(10**6 + 1)))
    elif move in ("(early)", "(reply)", "(forwarded)"):
        await person.does(Said("hello", elsewhere=move[1:-1]))
    elif move == "(captioned)":
        await person.sends("photo", caption="hello")
    elif move.startswith("("):
        await person.sends(move[1:-1])
    elif not move.startswith("["):
        await person.types(_TYPED.get(move, move))
    elif found := _button(person, move[1:-1]):
        await person.does(found)


def _button(person: Someone, key: str) -> Chose | None:
    """The newest button with this key. None where a language has no such question: a single reading version."""
    for say in reversed(person.heard):
        if any(isinstance(one, Choice) and one.key == key for row in say.rows for one in row):
            return Chose(say.visit, key)
    return None


def _fill(db: Db) -> None:
    """Two consultations open, a third that closes soon, and two outcomes: one of them of the first."""
    promised = {"reply_by": date(2026, 12, 20)}
    first = open_now(db, BUSES, closes_at=db.now + timedelta(days=30), **promised)
    open_now(db, KINDS, bands=["16-17", "18-25"])
    open_now(db, replace(BUSES, code="soon"), closes_at=db.now + timedelta(days=5), **promised)
    closed = open_now(db, replace(BUSES, code="closed", area="North End"), state="answered")
    publish(db, first, 1, said=PARTS, who=texts("the council", "rada", "المجلس"))
    publish(db, closed, 2, said=IN_ENGLISH, who={"en": "the council"})
    with_areas(db, "North", "A part of town with a long name")
    _go_on(db)
    for why in WHYS:
        corrections.add(db, None, "outcome", 1, why)
    gone = {"consultation_id": first, "published_at": db.now, "withdrawn": True}
    corrections.add(db, None, "outcome", GONE, "wrong", **gone)


def _go_on(db: Db) -> None:
    """Days were moved, before and after they came, and statuses changed."""
    whys = {"en": "We wait for lamps.", "pl": "Czekamy.", "ar": "ننتظر."}
    before, after, past = date(2026, 12, 20), date(2027, 3, 31), date(2026, 11, 2)
    for whose, was, language in (
        ({"consultation_id": 1}, before, "pl"),
        ({"consultation_id": 3}, past, "en"),
        ({"part_id": 1}, after, "en"),
    ):
        outcome_history.add_move(db, whys[language], **whose, was=was, now=after, language=language)
    for whose, now in (
        ({"consultation_id": 1}, "closed"),
        ({"consultation_id": 3}, "looking"),
        ({"part_id": 1}, "doing"),
        ({"part_id": 4}, "did"),
        ({"part_id": 5}, "cant"),
    ):
        because = whys["en"] if now == "cant" else ""
        outcome_history.add_change(db, because, **whose, was="will", now=now, language="en")


def _told_what_came_of_it(person: Someone, db: Db) -> list[Say]:
    revisit_schedule.begin(db, 1)
    return [
        next(
            _told(
                person.house, db, people.find_or_create_door(db, person.channel, person.address), 1, "outcome"
            )
        )
    ]


def _asked_whether_it_happened(person: Someone, db: Db) -> list[Say]:
    first = db.run(select(revisits.c.id)).scalar()
    db.run(update(revisits).where(revisits.c.id == first).values(state="people", asked_at=db.now))
    return [
        next(
            _told(
                person.house, db, people.find_or_create_door(db, person.channel, person.address), 1, "revisit"
            )
        )
    ]


def _told_what_counts(person: Someone, db: Db) -> list[Say]:
    door = people.find_or_create_door(db, person.channel, person.address)
    return list(_told(person.house, db, door, 2, "weighed"))


def _no_more_answers(_person: Someone, db: Db) -> list[Say]:
    db.run(update(revisits).values(state="closed"))
    return []


def _asked_to_be_quoted(person: Someone, db: Db) -> list[Say]:
    """A team member asks to quote their first text."""
    written = db.run(
        select(answers).where(answers.c.sealed.is_not(None), answers.c.consultation_id == 1)
    ).first()
    member = people.find_or_create_door(db, TELEGRAM, "a-worker")
    quotes.ask(db, member, AskToQuote(written.consultation_id, written.question, written.person_id))
    door = people.find_or_create_door(db, person.channel, person.address)
    return [next(_told(person.house, db, door, 1, "quote"))]


def _about_to_be_forgotten(person: Someone, db: Db) -> list[Say]:
    door = people.find_or_create_door(db, person.channel, person.address)
    db.run(update(people_table).where(people_table.c.id == door.person.id).values(dormant_since=db.now))
    return list(_told(person.house, db, door, door.person.id, "dormant"))


_OUR_SIDE = {
    "(forgetting)": _about_to_be_forgotten,
    "(asked)": _asked_to_be_quoted,
    "(told)": _told_what_came_of_it,
    "(revisited)": _asked_whether_it_happened,
    "(over)": _no_more_answers,
    "(weighed)": _told_what_counts,
}


def _close_the_third(db: Db) -> None:
    db.run(update(consultations).where(consultations.c.id == 3).values(state="closed"))


# --- what the team and the clock do to the newest thing that was raised ---------------------------


def _meanwhile(db: Db, person: Someone, what: str) -> list[Say]:
    """Lets something happen; returns the messages that it sends to this person."""
    newest = db.run(select(func.coalesce(func.max(outbox.c.id), 0))).scalar_one()
    _MEANWHILE[what](db, person)
    door = people.door_at(db, person.channel, person.address)
    theirs = (outbox.c.id > newest, outbox.c.door_id == door.id, outbox.c.kind.in_(("issue", "news")))
    messages = db.run(select(outbox.c.kind, outbox.c.about).where(*theirs)).all()
    return [_built(person.house, db, person, message.kind, message.about) for message in messages]


def _lines(db: Db, person: Someone) -> None:
    """The team has helplines of its own, each reached in another way."""
    door = people.find_or_create_door(db, person.channel, person.address)
    for line in (
        Helpline("own-1", "Meic", BANDS, "080880 23456", "84001", "HELP"),
        Helpline("own-2", "Kooth", BANDS, chat="https://www.kooth.com/chat"),
        Helpline("own-3", "The Mix", BANDS, text_number="85258"),
    ):
        set_line(db, door, SetHelpline(line))


def _team(effect: Callable[[int], Effect]) -> Callable[[Db, Someone], None]:
    def done(db: Db, _person: Someone) -> None:
        newest = db.run(select(func.max(issues.c.id)).where(issues.c.state != "draft")).scalar_one()
        dispatch(db, member(db), [effect(newest)], HANDLERS)

    return done


def _late(db: Db, _person: Someone) -> None:
    db.run(
        update(issues)
        .where(issues.c.state.in_(("open", "asked")))
        .values(reply_by=date(2026, 11, 30), missed=None)
    )
    reply_deadlines.run_due(db)
    db.run(update(issues).where(issues.c.state == "asked").values(reply_by=date(2026, 12, 30)))


def _overdue(db: Db, _person: Someone) -> None:
    db.run(
        update(issues)
        .where(issues.c.state == "open")
        .values(reply_by=date(2026, 11, 30), missed=date(2026, 11, 30))
    )


def _passes(db: Db, _person: Someone) -> None:
    """Whoever helps lets the team read what their cases keep back."""
    for number in db.run(select(cases.c.id).where(cases.c.closed_at.is_(None))).scalars().all():
        db.run_hooks(TextsReleased(number))


def _hides(db: Db, _person: Someone) -> None:
    """Their cases are closed, and what these keep back stays hidden."""
    db.run(update(cases).where(cases.c.closed_at.is_(None)).values(closed_at=db.now))


def _lapses(db: Db, _person: Someone) -> None:
    """Two of their issues expire, one of them unanswered."""
    db.run(update(issues).where(issues.c.id < 4).values(at=db.now - timedelta(days=400)))
    db.run(update(issues).where(issues.c.id == 3).values(state="open"))
    retention.erase_issues(db)


def _reviews(db: Db, person: Someone) -> None:
    """Makes them a young reviewer; in the last quarter others raised enough to show numbers."""
    door = people.door_at(db, person.channel, person.address)
    db.run(roles.insert().values(person_id=door.person.id, role="reviewer", at=db.now))
    last = db.run(select(func.max(issues.c.id))).scalar_one()
    for n in range(20):
        raised(db, somebody(db, f"quarter{n}"), theme="safe" if n < 12 else "healthy", area="North")
    before = db.now - timedelta(days=75)
    db.run(update(issues).where(issues.c.id > last).values(at=before))


def _forgets(db: Db, person: Someone) -> None:
    """Removes everything raised, so that they can raise something."""
    db.run(issues.delete())


_MEANWHILE: dict[str, Callable[[Db, Someone], None]] = {
    "asks": _team(lambda number: AskBack(number, "Which one?")),
    "answers": _team(lambda number: AnswerIssue(number, "Yes, in May.")),
    "closes": _team(lambda number: CloseIssue(number, "It is not ours.")),
    "moves": _team(lambda number: MoveIssue(number, date(2027, 1, 10), "We ask them.")),
    "merges": _team(lambda number: MergeIssue(number, 1)),
    "parts": lambda db, _person: reply_deadlines.unmerge(db, issues.c.consultation_id == 1),
    "late": _late,
    "lapses": _lapses,
    "overdue": _overdue,
    "passes": _passes,
    "hides": _hides,
    "news": lambda db, _person: told(db, "A park", "It is open now."),
    "reviews": _reviews,
    "forgets": _forgets,
    "lines": _lines,
    "usual": lambda db, _person: db.run(delete(helplines)),
}


# --- what reaches somebody by itself --------------------------------------------------------------


def _news(house: House, db: Db, person: Someone) -> Iterable[Say]:
    """Something new is open, something came of what they said, a day was moved, something goes on; and all of it in
    one message.
    """
    news = [_built(house, db, person, kind, 1) for kind in ("consultation", "outcome")]
    news.append(_built(house, db, person, "outcome", GONE))
    for kind, many in (("moved", 3), ("status", 5)):
        news += [_built(house, db, person, kind, number) for number in range(1, many + 1)]
    _ = house.runtime.library.words_for(
        people.find_or_create_door(db, person.channel, person.address, None).person
    )
    return [*news, bundle([(say, "/changed 1") for say in news[:3]], _), bundle([(news[1], "")] * 5, _)]


def _put_right(house: House, db: Db, person: Someone) -> Iterator[Say]:
    """Corrects what they were told about who knows of their case."""
    number = db.run(select(func.max(cases.c.id))).scalar_one()
    for informed in ("lead", "team", "nobody"):
        db.run(update(cases).where(cases.c.id == number).values(informed=informed))
        yield _built(house, db, person, "case_informed", number)
    yield _built(house, db, person, "read_by_lead", number)


def _built(house: House, db: Db, person: Someone, kind: str, about: int) -> Say:
    door = people.find_or_create_door(db, person.channel, person.address, None)
    return next(_told(house, db, door, about, kind))


def _told(house: House, db: Db, door: Door, about: int, *kinds: str) -> Iterator[Say]:
    for kind in kinds:
        session = Session(kind, 0, {MESSAGE_KINDS[kind].note: about})
        loaded = load(db, door, session, MESSAGE_KINDS[kind].needs)
        facts = house.runtime.facts(db.now, door.person, door.channel, loaded)
        say = MESSAGE_KINDS[kind].build(session, facts)
        assert say is not None
        yield replace(say, language=say.language or facts.words.language)
