"""Renders attachments by name when their message is sent: reads the data, then draws in a thread."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from gettext import NullTranslations
from pathlib import Path

from conversations.consultations.consultation import Consultation
from conversations.consultations.manage.detail import poster_facts
from conversations.core.config import Rules
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Attachment, Session
from conversations.core.record import Record, replace
from conversations.followup.counts import OverTime, after_results
from conversations.followup.trends import visible_trends
from conversations.general.facts import MyData, MyRows
from conversations.results.counting import Results, to_results
from conversations.results.visibility import is_shown, sees_true, visible_results
from conversations.team.rights import Rights
from handlers.files.case_register import register_csv, register_xlsx
from handlers.files.export import ExportRow, OutcomeResponses, answers_csv, answers_xlsx, results_xlsx
from handlers.turns import Runtime
from storage.consultations import answers, consultations
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.followup import reports as followup_reports
from storage.outcomes import pictures
from storage.people import people
from storage.registry import load
from storage.results import counts as result_counts
from storage.results import shown_counts
from storage.safeguarding import case_register

Draw = Callable[[], "RenderedFile"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "buses-after-school.xlsx"


class RenderedFile(Record):
    """An attachment to send: file name, content, and media type (`kind`). `key` explains the numbers in a picture that
    replace labels its font cannot draw. `to_print`: the picture is sent as a file, because a chat would shrink it.
    """

    name: str
    content: bytes
    kind: str
    key: str = ""
    to_print: bool = False

    @property
    def is_picture(self) -> bool:
        return self.kind.startswith("image/") and not self.to_print


async def draw(runtime: Runtime, attachment: Attachment) -> RenderedFile:
    """Renders an attachment for the person it names, with what they may see now."""
    ready = await runtime.database.read(
        lambda connection: _prepare(runtime, runtime.db(connection), attachment)
    )
    return await asyncio.to_thread(ready)


def _prepare(runtime: Runtime, db: Db, attachment: Attachment) -> Draw:
    number = attachment.about.get("person")
    door = people.last_door_of(db, number) if isinstance(number, int) else None
    ready = _ATTACHMENTS[attachment.name](runtime, db, attachment, door) if door else None
    words = runtime.library.words_for(door.person) if door else runtime.library.words(None, None)
    return ready or (lambda: _not_here(words))


def _not_here(_: Words) -> RenderedFile:
    return RenderedFile(
        "heard.txt", _("This is not here any more, or not yours to see.").encode(), "text/plain"
    )


# --- one function for each attachment: reads the data, and returns what draws it; None without the right ---


def _mydata(runtime: Runtime, db: Db, _attachment: Attachment, door: Door) -> Draw | None:
    from handlers.files.my_data_page import own_page

    facts = _own_facts(runtime, db, door)
    return lambda: RenderedFile("heard-my-data.html", own_page(facts), "text/html")


def _mydata_json(runtime: Runtime, db: Db, _attachment: Attachment, door: Door) -> Draw | None:
    from handlers.files.my_data_page import own_json

    facts = _own_facts(runtime, db, door)
    return lambda: RenderedFile("heard-my-data.json", own_json(facts), "application/json")


def _own_facts(runtime: Runtime, db: Db, door: Door) -> Facts:
    loaded = load(db, door, Session(""), (MyData, MyRows))
    return runtime.facts(db.now, door.person, door.channel, loaded)


def _chart(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _consultation(db, attachment)
    if about is None or not door.person.may(Rights.SEE_RESULTS) or not is_shown(about, door.person):
        return None
    words, name = runtime.library.words_for(door.person), attachment.about.get("question")
    # True numbers need one question only; what to hide depends on all of them.
    alone = (str(name),)
    true = sees_true(door.person)
    found = result_counts.counts(db, about.id, alone) if true else shown_counts.of_consultation(db, about.id)

    def render() -> RenderedFile:
        from handlers.files.chart import key_in_words, results_png

        results = to_results(about.form, found.tallies, people=found.people, words=words)
        seen = _one_question(visible_results(results, door.person, runtime.rules.small_number), name)
        return RenderedFile(
            f"{about.form.code}.png", results_png(seen, words), "image/png", key_in_words(seen)
        )

    return render


def _one_question(results: Results, name: object) -> Results:
    """Keeps one question. Small numbers have been hidden before, because that depends on all questions."""
    return replace(results, questions=tuple(one for one in results.questions if one.name == name))


def _responses(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    """The responses to an outcome, without questions that nobody answered."""
    number, words = attachment.about.get("consultation"), runtime.library.words_for(door.person)
    if not isinstance(number, int) or not sees_true(door.person):
        return None
    said = followup_reports.after_counts_of(db, number)
    if said.outcome is None:
        return None
    results = after_results(said, said.outcome, words)
    answered = tuple(question for question in results.questions if question.answered)
    return _draw_results(replace(results, questions=answered), "after", words)


def _over_time(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    results = _trends(runtime, db, attachment, door)
    return _draw_results(results, "over-time", runtime.library.words_for(door.person)) if results else None


def _over_time_file(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    results = _trends(runtime, db, attachment, door) if door.person.may(Rights.READ_ANSWERS) else None
    return (lambda: RenderedFile("over-time.xlsx", results_xlsx(results), _XLSX)) if results else None


def _trends(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Results | None:
    if not door.person.may(Rights.SEE_RESULTS):
        return None
    loaded = load(db, door, Session("", 0, {"every": attachment.about.get("every")}), (OverTime,))
    facts = runtime.facts(db.now, door.person, door.channel, loaded)
    return visible_trends(facts[OverTime], facts)


def _draw_results(results: Results, name: str, words: Words) -> Draw:
    def render() -> RenderedFile:
        from handlers.files.chart import key_in_words, results_png

        return RenderedFile(f"{name}.png", results_png(results, words), "image/png", key_in_words(results))

    return render


def _poster(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _consultation(db, attachment)
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

    def render() -> RenderedFile:
        from handlers.files.poster import Poster, poster_png

        poster = Poster(about.title(words), rules.join_address(form.code), rules.organisation, facts)
        return RenderedFile(f"{form.code}-poster.png", poster_png(poster, words), "image/png", to_print=True)

    return render


def _picture(_runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    """The picture of an outcome; of a draft only for people who may write outcomes."""
    number, writes = attachment.about.get("outcome"), door.person.may(Rights.PUBLISH_OUTCOMES)
    found = pictures.content(db, number, published_only=not writes) if isinstance(number, int) else None
    return (lambda: RenderedFile("picture.jpg", found, "image/jpeg")) if found is not None else None


def _workbook(_runtime: Runtime, _db: Db, _attachment: Attachment, door: Door) -> Draw | None:
    """The sample workbook."""
    if not door.person.may(Rights.WRITE_CONSULTATIONS):
        return None
    return lambda: RenderedFile(_SAMPLE.name, _SAMPLE.read_bytes(), _XLSX)


def _export(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    about = _consultation(db, attachment)
    if about is None or not door.person.may(Rights.READ_ANSWERS):
        return None
    words = runtime.library.words_for(door.person)
    return _draw_export(db, about, words, ".xlsx")


def _case_register(runtime: Runtime, db: Db, attachment: Attachment, door: Door) -> Draw | None:
    """The register of safeguarding cases."""
    if not door.person.may(Rights.KEEP_CASE_REGISTER):
        return None
    cases, words = case_register.register(db, door, Session("")).cases, runtime.library.words_for(door.person)
    if attachment.about.get("suffix") == ".csv":
        return lambda: RenderedFile("heard-cases.csv", register_csv(cases, words), "text/csv")
    return lambda: RenderedFile("heard-cases.xlsx", register_xlsx(cases, words), _XLSX)


def _consultation(db: Db, attachment: Attachment) -> Consultation | None:
    number = attachment.about.get("consultation")
    return consultations.consultation(db, number) if isinstance(number, int) else None


_ATTACHMENTS: dict[str, Callable[[Runtime, Db, Attachment, Door], Draw | None]] = {
    "after": _responses,
    "case_register": _case_register,
    "mydata": _mydata,
    "mydata_json": _mydata_json,
    "over_time": _over_time,
    "over_time_file": _over_time_file,
    "chart": _chart,
    "export": _export,
    "picture": _picture,
    "poster": _poster,
    "workbook": _workbook,
}


# --- the export of all answers --------------------------------------------------------------------


async def export_file(
    read: Callable[[Rules, Callable[[Db], Draw | None]], Awaitable[Draw | None]],
    rules: Rules,
    code: str,
    suffix: str,
) -> bytes | None:
    """All answers to the consultation with the form_id `code`, in English; None if there is none. `suffix` is ".xlsx"
    or ".csv".
    """
    words = Words("en", "normal", NullTranslations(), rules.zone)

    def work(db: Db) -> Draw | None:
        about = consultations.by_code(db, code)
        return _draw_export(db, about, words, suffix) if about else None

    ready = await read(rules, work)
    return (await asyncio.to_thread(ready)).content if ready else None


def _draw_export(db: Db, about: Consultation, words: Words, suffix: str) -> Draw:
    found = result_counts.count_now(db, about.id)
    rows = tuple(_export_rows(db, about))
    now, smallest, since = db.now, db.rules.small_number, _outcome_responses(db, about, words)

    def render() -> RenderedFile:
        if suffix == ".csv":
            return RenderedFile(f"{about.form.code}.csv", answers_csv(about.form, rows), "text/csv")
        results = to_results(about.form, found.tallies, people=found.people, words=words)
        content = answers_xlsx(about.form, rows, results, since, exported=now, smallest=smallest, _=words)
        return RenderedFile(f"{about.form.code}.xlsx", content, _XLSX)

    return render


def _outcome_responses(db: Db, about: Consultation, words: Words) -> OutcomeResponses | None:
    """The responses to its outcome; None if it has none yet."""
    said = followup_reports.after_counts_of(db, about.id)
    if said.outcome is None:
        return None
    results = after_results(said, said.outcome, words)
    return OutcomeResponses(results, followup_reports.all_added(db, said.outcome.id))


def _export_rows(db: Db, about: Consultation) -> Iterator[ExportRow]:
    for one in answers.rows_for_export(db, about.id, about.form):
        last = (one.finished_at or one.started_at).astimezone(db.rules.zone)
        yield ExportRow(one.band, one.language, last.date(), one.answers)
