"""Attachments by name: read and drawn when their message is sent, in a thread of their own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from gettext import NullTranslations
from pathlib import Path

from conversations.consultations.consultation import Consultation
from conversations.consultations.manage.detail import poster_facts
from conversations.core.config import Rules
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Session
from conversations.core.record import Record, replace
from conversations.followup.counts import OverTime, after_results
from conversations.followup.trends import time_seen
from conversations.general.facts import MyData
from conversations.results.counting import Results, counted
from conversations.results.visibility import is_shown, sees_true, shown
from conversations.team.rights import Rights
from handlers.files.export import AfterIt, Answered, answers_csv, answers_xlsx, results_xlsx
from handlers.turns import Runtime
from storage.consultations import answers, consultations
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.followup import reports as followup_reports
from storage.outcomes import pictures
from storage.people import people
from storage.registry import load
from storage.results import counts as result_counts

Draw = Callable[[], "Drawn"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "buses-after-school.xlsx"


class Drawn(Record):
    """An attachment as it is sent: a file's name, what is in it, and its media type. `key` says in words what numbers in
    a picture stand for, where its font lacks somebody's letters. `to_print` is a picture that is sent as a file: a
    chat would make it small.
    """

    name: str
    content: bytes
    kind: str
    key: str = ""
    to_print: bool = False

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/") and not self.to_print


async def draw(runtime: Runtime, attachment: Attachment) -> Drawn:
    """Draws an attachment for the person it names, by what they may see now. Reads first, then draws in a thread."""
    ready = await runtime.database.read(lambda connection: _read(runtime, runtime.db(connection), attachment))
    return await asyncio.to_thread(ready)


def _read(runtime: Runtime, db: Db, attachment: Attachment) -> Draw:
    number = attachment.about.get("person")
    door = people.last_door_of(db, number) if isinstance(number, int) else None
    ready = _ATTACHMENTS[attachment.name](runtime, db, attachment, door) if door else None
    words = runtime.library.words_for(door.person) if door else runtime.library.words(None, None)
    return ready or (lambda: _nothing(words))


def _nothing(_: Words) -> Drawn:
    return Drawn("heard.txt", _("This is not here any more, or not yours to see.").encode(), "text/plain")


# --- each attachment: reads what it needs, gives what draws it; None where it is not theirs ------------


def _mydata(runtime: Runtime, db: Db, _attachment: Attachment, door: Door) -> Draw | None:
    from handlers.files.my_data_page import own_page

    loaded = load(db, door, Session(""), (MyData,))
    facts = runtime.facts(db.now, door.person, door.channel, loaded)
    return lambda: Drawn("heard-my-data.html", own_page(facts), "text/html")


def _chart(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _about(db, attachment)
    if about is None or not door.person.may(Rights.SEE_RESULTS) or not is_shown(about, door.person):
        return None
    words, name = runtime.library.words_for(door.person), attachment.about.get("question")
    # True numbers are those of one question alone; what is hidden depends on all of them.
    alone = (str(name),) if sees_true(door.person) else None
    found = result_counts.counts(db, about.id, alone)

    def drawn() -> Drawn:
        from handlers.files.chart import key_in_words, results_png

        true = counted(about.form, found.tallies, people=found.people, words=words)
        seen = _only(shown(true, door.person, runtime.rules.small_number), name)
        return Drawn(f"{about.form.code}.png", results_png(seen, words), "image/png", key_in_words(seen))

    return drawn


def _only(results: Results, name: object) -> Results:
    """One question of them: small numbers are hidden before, by what all of them tell."""
    return replace(results, questions=tuple(one for one in results.questions if one.name == name))


def _after(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    """What people say after an outcome, of the questions that somebody answered."""
    number, words = attachment.about.get("consultation"), runtime.library.words_for(door.person)
    if not isinstance(number, int) or not sees_true(door.person):
        return None
    said = followup_reports.after_counts_of(db, number)
    if said.outcome is None:
        return None
    results = after_results(said, said.outcome, words)
    answered = tuple(question for question in results.questions if question.answered)
    return _drawn(replace(results, questions=answered), "after", words)


def _over_time(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    results = _time(runtime, db, attachment, door)
    return _drawn(results, "over-time", runtime.library.words_for(door.person)) if results else None


def _over_time_file(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    results = _time(runtime, db, attachment, door) if door.person.may(Rights.READ_ANSWERS) else None
    return (lambda: Drawn("over-time.xlsx", results_xlsx(results), _XLSX)) if results else None


def _time(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Results | None:
    if not door.person.may(Rights.SEE_RESULTS):
        return None
    loaded = load(db, door, Session("", 0, {"every": attachment.about.get("every")}), (OverTime,))
    facts = runtime.facts(db.now, door.person, door.channel, loaded)
    return time_seen(facts[OverTime], facts)


def _drawn(results: Results, name: str, words: Words) -> Draw:
    def drawn() -> Drawn:
        from handlers.files.chart import key_in_words, results_png

        return Drawn(f"{name}.png", results_png(results, words), "image/png", key_in_words(results))

    return drawn


def _poster(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _about(db, attachment)
    if about is None or not door.person.may(Rights.WRITE_CONSULTATIONS):
        return None
    form, rules = about.form, runtime.rules
    offered = form.default_language in rules.languages
    words = (
        runtime.library.words(form.default_language, None)
        if offered
        else runtime.library.words_for(door.person)
    )

    facts = poster_facts(about, words)

    def drawn() -> Drawn:
        from handlers.files.poster import Poster, poster_png

        poster = Poster(about.title(words), rules.join_address(form.code), rules.organisation, facts)
        return Drawn(f"{form.code}-poster.png", poster_png(poster, words), "image/png", to_print=True)

    return drawn


def _picture(_runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    """The picture beside an outcome: of a draft, for those who write it."""
    number, writes = attachment.about.get("outcome"), door.person.may(Rights.PUBLISH_OUTCOMES)
    found = pictures.content(db, number, published_only=not writes) if isinstance(number, int) else None
    return (lambda: Drawn("picture.jpg", found, "image/jpeg")) if found is not None else None


def _workbook(_runtime: Runtime, _db: Db, _attachment: Attachment, door: Door) -> Draw | None:
    """A workbook to begin from."""
    if not door.person.may(Rights.WRITE_CONSULTATIONS):
        return None
    return lambda: Drawn(_SAMPLE.name, _SAMPLE.read_bytes(), _XLSX)


def _export(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _about(db, attachment)
    if about is None or not door.person.may(Rights.READ_ANSWERS):
        return None
    words = runtime.library.words_for(door.person)
    return _exported(db, about, words, ".xlsx")


def _about(db: Db, attachment: Attachment) -> Consultation | None:
    number = attachment.about.get("consultation")
    return consultations.consultation(db, number) if isinstance(number, int) else None


_ATTACHMENTS: dict[str, Callable[[Runtime, Db, Attachment, Door], Draw | None]] = {
    "after": _after,
    "mydata": _mydata,
    "over_time": _over_time,
    "over_time_file": _over_time_file,
    "chart": _chart,
    "export": _export,
    "picture": _picture,
    "poster": _poster,
    "workbook": _workbook,
}


# --- everything that was said ---------------------------------------------------------------------


async def export_file(
    read: Callable[[Rules, Callable[[Db], Draw | None]], Awaitable[Draw | None]],
    rules: Rules,
    code: str,
    suffix: str,
) -> bytes | None:
    """A consultation's answers by its form_id, as ".xlsx" or ".csv", in English; None where there is none."""
    words = Words("en", "normal", NullTranslations(), rules.zone)

    def work(db: Db) -> Draw | None:
        about = consultations.by_code(db, code)
        return _exported(db, about, words, suffix) if about else None

    ready = await read(rules, work)
    return (await asyncio.to_thread(ready)).content if ready else None


def _exported(db: Db, about: Consultation, words: Words, suffix: str) -> Draw:
    found = result_counts.count_now(db, about.id)
    rows = tuple(_answered(db, about))
    now, smallest, since = db.now, db.rules.small_number, _since(db, about, words)

    def drawn() -> Drawn:
        if suffix == ".csv":
            return Drawn(f"{about.form.code}.csv", answers_csv(about.form, rows), "text/csv")
        results = counted(about.form, found.tallies, people=found.people, words=words)
        content = answers_xlsx(about.form, rows, results, since, exported=now, smallest=smallest, _=words)
        return Drawn(f"{about.form.code}.xlsx", content, _XLSX)

    return drawn


def _since(db: Db, about: Consultation, words: Words) -> AfterIt | None:
    """What people said after its outcome; None where it has none yet."""
    said = followup_reports.after_counts_of(db, about.id)
    if said.outcome is None:
        return None
    results = after_results(said, said.outcome, words)
    return AfterIt(results, followup_reports.all_added(db, said.outcome.id))


def _answered(db: Db, about: Consultation) -> Iterator[Answered]:
    for one in answers.rows_for_export(db, about.id, about.form):
        last = (one.finished_at or one.started_at).astimezone(db.rules.zone)
        yield Answered(one.band, one.language, last.date(), one.answers)
