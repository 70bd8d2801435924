"""An issue that a young person raised: its state, and the thread between them and the team. Nobody is named."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from conversations.consultations.consultation import Consultation
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Note, Row
from conversations.core.person import Band
from conversations.core.record import Record
from conversations.core.text import shorten
from conversations.core.themes import DATA, DATA_DAYS, theme_names
from conversations.safeguarding.facts import Kept
from conversations.team.facts import TeamRules

# Only its writer sees a `draft`. `open` waits for the team, `asked` for the young person. `done` no longer needs an
# answer. `lapsed` was not answered before its words had to be erased.
IssueState = Literal["draft", "open", "asked", "answered", "merged", "closed", "done", "lapsed"]
WAITING: tuple[IssueState, ...] = ("open", "asked")
# States in which the person who raised it can add something, so that the team looks at it again.
CAN_CONTINUE: tuple[IssueState, ...] = ("open", "asked", "answered", "closed", "done")
# Entries by the team have an author. The others are by the young person, or automatic. Only the young person sees `passed`:
# the team has now what a case kept from it.
EntryKind = Literal[
    "more", "answer", "question", "closed", "moved", "merged", "parted", "outcome", "late", "done", "lapsed", "passed"
]  # fmt: skip

WORDS_MOST = 2000  # letters in an issue, and in each entry of its thread
WAITING_MOST = 5  # issues of one person that may wait for an answer at once
_PAGE_MOST = 3000  # letters of a thread in one message
_SHORT = 60


class ThreadEntry(Record):
    """One entry of a thread. `own`: the reader wrote it. `words` is None once erased, "" for a kind without words. `kept`:
    a case keeps it from the team, and its writer reads so.
    """

    kind: EntryKind
    at: datetime
    words: str | None = ""
    day: date | None = None
    own: bool = False
    kept: Kept | None = None


class Issue(Record):
    """An issue, with its thread if that is loaded. `words` is None once erased, or before they are written. `area` is
    "" if none was given, and None in a draft before it is asked. `about` is the consultation that it was merged into.
    `kept`: a case keeps it from the team. `band`, `language` and `unread` are set for staff only.
    """

    id: int
    state: IssueState
    at: datetime
    theme: str | None = None
    area: str | None = None
    words: str | None = None
    reply_by: date | None = None
    entries: tuple[ThreadEntry, ...] = ()
    about: Consultation | None = None
    band: Band | None = None
    language: str | None = None
    unread: bool = False
    kept: Kept | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def waits_for_team(self) -> bool:
        """Whether the team has it, and has not answered yet."""
        return self.is_waiting and self.kept is None

    @property
    def can_continue(self) -> bool:
        """Whether its young person can add something that somebody reads."""
        return self.state in CAN_CONTINUE and self.kept != "hidden"

    def is_late(self, today: date) -> bool:
        """Whether the promised day has passed without an answer."""
        return self.is_waiting and self.reply_by is not None and self.reply_by < today


class OneEntry(Record):
    """An entry in the thread of the person's issue, for the message about it; None if it is gone, or not theirs.

    `say_there`: the consultation that it was merged into is open to them now.
    """

    issue: Issue | None
    entry: ThreadEntry | None
    say_there: bool = False


def reply_days_of(theme: str | None, rules: TeamRules) -> int:
    """In how many days the team answers something under this heading."""
    return min(rules.reply_days, DATA_DAYS) if theme == DATA else rules.reply_days


def filed_heading(issue: Issue, _: Words) -> str:
    """Its heading and area: "Learning, North End"."""
    return heading_and_area(issue.theme or "", issue.area or "", _)


def heading_and_area(theme: str, area: str, _: Words) -> str:
    """The names of a heading, given by its key, and of an area, if there is one. A draft may have no heading yet."""
    name = theme_names(_).get(theme) or _("Something of your own")
    return _("{theme}, {area}", theme=name, area=area) if area else name


def summary(issue: Issue, _: Words) -> str:
    """Enough to recognise it: the beginning of its words or, once they are erased, its heading and day."""
    if issue.words:
        return f"“{shorten(issue.words, _SHORT)}”"
    return _("{theme}, {date}", theme=filed_heading(issue, _), date=_.long_date(issue.at))


# --- the thread -----------------------------------------------------------------------------------


def thread(issue: Issue, facts: Facts, *, own: bool, them: str = "") -> list[str]:
    """The whole thread, one paragraph each. `own`: the reader raised it; `them` names that person for other readers."""
    first = ThreadEntry("more", issue.at, issue.words, own=own)
    return [
        "\n".join((_entry_paragraph(entry, issue, facts, them), *_kept_lines(entry, issue, facts.words)))
        for entry in (first, *issue.entries)
    ]


def page_of(paragraphs: list[str], page: Note, _: Words) -> tuple[str, tuple[Row, ...]]:
    """One page of a thread as text, by default the newest, and the buttons to the other pages."""
    pages = _pages(paragraphs)
    number = min(page, len(pages) - 1) if isinstance(page, int) else len(pages) - 1
    ways = [Choice(f"page:{number - 1}", _("Earlier"), aside=True)] if number else []
    ways += [Choice(f"page:{number + 1}", _("More"), aside=True)] if number + 1 < len(pages) else []
    return "\n\n".join(pages[number]), ((tuple(ways),) if ways else ())


def entry_text(entry: ThreadEntry, issue: Issue, facts: Facts) -> str:
    """The text of an entry, without its author."""
    _, words = facts.words, _entry_words(entry, facts)
    day = _.short_date(entry.day) if entry.day else ""
    match entry.kind:
        case "closed":
            return _("Closed. Why: {words}", words=words)
        case "moved":
            return _("The answer comes by {day}. Why: {words}", day=day, words=words)
        case "merged":
            return _("This is now part of “{title}”.", title=issue.about.title(_) if issue.about else "…")
        case "parted":
            return _(
                "It isn't part of that any more. The team looks at it again, and answers by {day}.", day=day
            )
        case "late":
            return _("The answer was promised by {day}. It didn't come in time.", day=day)
    return _passing_text(entry, day, _) or words


def _passing_text(entry: ThreadEntry, day: str, _: Words) -> str:
    """What an entry without words says; empty for all others."""
    match entry.kind:
        case "outcome":
            return _("What came of it stands under /changed.")
        case "passed" if day:
            return _("The team has it now. Somebody there reads it, and answers by {day}.", day=day)
        case "passed":
            return _("The team has what you wrote now.")
        case "done":
            return _("No answer is needed any more.")
        case "lapsed":
            return _("Nobody answered before the words had to be deleted. It can be raised again.")
    return ""


def _entry_paragraph(entry: ThreadEntry, issue: Issue, facts: Facts, them: str) -> str:
    _, said, date = facts.words, entry_text(entry, issue, facts), facts.words.long_date(entry.at)
    match entry.kind:
        case "late" | "lapsed" | "parted" | "outcome" | "passed":
            return f"{date}:\n{said}"
        case "more" | "done" if not entry.own:
            return f"{them}, {date}:\n{said}"
    if entry.own:
        return "\n".join((_("You, {date}:", date=date), said))
    return "\n".join((_("Somebody in the team, {date}:", date=date), said))


def _kept_lines(entry: ThreadEntry, issue: Issue, _: Words) -> tuple[str, ...]:
    """Who has an entry that a case keeps from the team. Where it keeps the whole issue, that is said once above."""
    if entry.kept is None or issue.kept is not None:
        return ()
    return (f"({kept_text(entry.kept, _)})",)


def kept_text(kept: Kept, _: Words) -> str:
    """For its writer: who has what a case keeps from the team, and whether an answer comes."""
    if kept == "first":
        return _(
            "The person in the team who keeps young people safe reads it first. If they pass it on, the team answers here."
        )
    return _(
        "It went to the person who keeps young people safe. The rest of the team doesn't have it, so no answer comes from them."
    )


def _entry_words(entry: ThreadEntry, facts: Facts) -> str:
    if entry.words is None:
        return facts.words("(These words were deleted after {n} days.)", n=facts.rules.retention_days)
    return entry.words


def _pages(paragraphs: list[str]) -> list[list[str]]:
    """The paragraphs in pages that each fit one message. The last page is full, because the newest is read first."""
    return [page[::-1] for page in _full_pages(paragraphs[::-1])][::-1]


def _full_pages(paragraphs: list[str]) -> Iterator[list[str]]:
    page: list[str] = []
    for paragraph in paragraphs:
        if page and sum(map(len, page)) + len(paragraph) > _PAGE_MOST:
            yield page
            page = []
        page.append(paragraph)
    yield page
