"""What a young person raised: where it stands, and the thread between them and the team, where nobody has a name."""

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
from conversations.core.themes import theme_names

# A draft is its writer's alone. `open` waits for the team, `asked` for the young person; `done` needs no answer
# any more, and a `lapsed` one was not answered before its words had to go.
IssueState = Literal["draft", "open", "asked", "answered", "merged", "closed", "done", "lapsed"]
WAITING: tuple[IssueState, ...] = ("open", "asked")
# To these, whoever raised it can say more; the team looks at it again then.
GOES_ON: tuple[IssueState, ...] = ("open", "asked", "answered", "closed", "done")
# Those of the team have an author; the others are the young person's, or the clock's.
EntryKind = Literal[
    "more", "answer", "question", "closed", "moved", "merged", "parted", "outcome", "late", "done", "lapsed"
]

WORDS_MOST = 2000  # letters in what is raised, and in each thing that is said about it
WAITING_MOST = 5  # issues of one person that wait for an answer at once
_PAGE_MOST = 3000  # letters of a thread in one message
_SHORT = 60


class ThreadEntry(Record):
    """One thing in a thread. `own` is the reader's; `words` is None where they were erased, empty where none belong."""

    kind: EntryKind
    at: datetime
    words: str | None = ""
    day: date | None = None
    own: bool = False


class Issue(Record):
    """`words` is None where they are erased, or not written yet; `area` is empty where it was not said, None in a
    draft that was not asked yet. `about` is the consultation that it became part of. `band`, `language` and
    `unread` are filled in for staff only.
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

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    def late(self, today: date) -> bool:
        """Whether the promised day has passed without an answer."""
        return self.waits and self.reply_by is not None and self.reply_by < today


class OneEntry(Record):
    """What happened to somebody's issue, for the message that tells them so; None where it is gone, or not theirs.

    `say_there`: the consultation that it became part of is open for them now.
    """

    issue: Issue | None
    entry: ThreadEntry | None
    say_there: bool = False


def filed(issue: Issue, _: Words) -> str:
    """What it is filed under: "Learning, North End"."""
    return filed_under(issue.theme or "", issue.area or "", _)


def filed_under(theme: str, area: str, _: Words) -> str:
    """A heading by its key, and an area where there is one, in words. A draft may have no heading yet."""
    name = theme_names(_).get(theme) or _("Something of your own")
    return _("{theme}, {area}", theme=name, area=area) if area else name


def in_short(issue: Issue, _: Words) -> str:
    """Enough to know it again: the beginning of its words, or, where they are erased, its heading and day."""
    if issue.words:
        return f"“{shorten(issue.words, _SHORT)}”"
    return _("{theme}, {date}", theme=filed(issue, _), date=_.long_date(issue.at))


# --- the thread -----------------------------------------------------------------------------------


def thread(issue: Issue, facts: Facts, *, own: bool, them: str = "") -> list[str]:
    """All of it, a paragraph each. `own`: the reader raised it; `them` is what they are called otherwise."""
    first = ThreadEntry("more", issue.at, issue.words, own=own)
    return [_told(entry, issue, facts, them) for entry in (first, *issue.entries)]


def page_of(paragraphs: list[str], page: Note, _: Words) -> tuple[str, tuple[Row, ...]]:
    """One page of a thread, the newest where none is named; and the ways to the others."""
    pages = _pages(paragraphs)
    number = min(page, len(pages) - 1) if isinstance(page, int) else len(pages) - 1
    ways = [Choice(f"page:{number - 1}", _("Earlier"), aside=True)] if number else []
    ways += [Choice(f"page:{number + 1}", _("More"), aside=True)] if number + 1 < len(pages) else []
    return "\n\n".join(pages[number]), ((tuple(ways),) if ways else ())


def happened(entry: ThreadEntry, issue: Issue, facts: Facts) -> str:
    """What an entry says, without who said it."""
    _, words = facts.words, _words_of(entry, facts)
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
        case "outcome":
            return _("What came of it stands under /changed.")
        case "late":
            return _("The answer was promised by {day}. It didn't come in time.", day=day)
        case "done":
            return _("No answer is needed any more.")
        case "lapsed":
            return _("Nobody answered before the words had to be deleted. It can be raised again.")
    return words


def _told(entry: ThreadEntry, issue: Issue, facts: Facts, them: str) -> str:
    _, said, date = facts.words, happened(entry, issue, facts), facts.words.long_date(entry.at)
    match entry.kind:
        case "late" | "lapsed" | "parted" | "outcome":
            return f"{date}:\n{said}"
        case "more" | "done" if not entry.own:
            return f"{them}, {date}:\n{said}"
    if entry.own:
        return "\n".join((_("You, {date}:", date=date), said))
    return "\n".join((_("Somebody in the team, {date}:", date=date), said))


def _words_of(entry: ThreadEntry, facts: Facts) -> str:
    if entry.words is None:
        return facts.words("(These words were deleted after {n} days.)", n=facts.rules.retention_days)
    return entry.words


def _pages(paragraphs: list[str]) -> list[list[str]]:
    """As many on each as one message holds, the last one full: what is newest is read first."""
    return [page[::-1] for page in _filled(paragraphs[::-1])][::-1]


def _filled(paragraphs: list[str]) -> Iterator[list[str]]:
    page: list[str] = []
    for paragraph in paragraphs:
        if page and sum(map(len, page)) + len(paragraph) > _PAGE_MOST:
            yield page
            page = []
        page.append(paragraph)
    yield page
