"""Whether a promise has really been kept, according to its owner and to those who took part."""

from collections.abc import Iterator, Mapping
from typing import Literal

from conversations.core.i18n import Words
from conversations.core.record import Record, field
from conversations.results.counting.disclosure_control import FLOOR

Says = Literal["yes", "partly", "no", "unsure"]
OwnerSays = Literal["yes", "partly", "no"]
RevisitEnd = Literal["kept", "again", "said"]

ENOUGH = 3  # yes, partly or no answers, from which on the majority decides


class PromiseStatus(Record):
    """The status of a part at its latest revisit.

    `counts` are true numbers; those under `smallest` are not public. `note` is the owner's comment and `reason` why
    staff closed it, both as typed. `asked` says that people were asked, `over` that they can no longer answer.
    """

    owner: OwnerSays | None = None
    counts: Mapping[Says, int] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    asked: bool = False
    over: bool = False
    ended: RevisitEnd | None = None
    smallest: int = 0

    @property
    def open(self) -> bool:
        """Whether it is still open: neither kept nor closed with a reason."""
        return self.ended not in {"kept", "said"}


def count_telling(counts: Mapping[Says, int]) -> int:
    """The number of people who answered yes, partly or no."""
    return sum(counts.get(says, 0) for says in ("yes", "partly", "no"))


def count_objecting(counts: Mapping[Says, int]) -> int:
    """The number of people who answered partly or no."""
    return counts.get("partly", 0) + counts.get("no", 0)


def standing_text(standing: PromiseStatus, smallest: int, _: Words) -> str:
    """Both sides, for the public: "The council says it is done. 7 of 13 people who could tell say: partly or no."

    Empty if there is nothing to say yet. Numbers under `smallest` are hidden, so only the majority's view shows. The
    answers of fewer than three people do not show at all.
    """
    return " ".join(
        (
            *_owner_sentences(standing, _),
            *_people_sentences(standing, smallest, _),
            *_end_sentences(standing, _),
        )
    )


def _owner_sentences(standing: PromiseStatus, _: Words) -> Iterator[str]:
    match standing.owner:
        case "yes":
            yield _("The council says it is done.")
        case "partly":
            yield _("The council says part of it is done.")
        case "no":
            yield _("The council says it isn't done yet.")
    if standing.owner and standing.note:
        yield _('It adds: "{words}"', words=standing.note)


def _people_sentences(standing: PromiseStatus, smallest: int, _: Words) -> Iterator[str]:
    """Shown only once answering is over; before that, a change in the numbers would reveal one person's answer."""
    told, objecting = count_telling(standing.counts), count_objecting(standing.counts)
    if not standing.over or told < ENOUGH:
        return
    agreeing, least = told - objecting, max(smallest, FLOOR)
    shown = all(n == 0 or n >= least for n in (agreeing, objecting))
    if objecting * 2 >= told:
        if shown:
            yield _.many(
                "{count} of {n} person who could tell says: partly, or no.",
                "{count} of {n} people who could tell say: partly, or no.",
                told,
                count=objecting,
            )
        else:
            yield _("Most people who could tell say: partly, or no.")
    elif shown:
        yield _.many(
            "{count} of {n} person who could tell says: yes.",
            "{count} of {n} people who could tell say: yes.",
            told,
            count=agreeing,
        )
    else:
        yield _("Most people who could tell say: yes.")


def _end_sentences(standing: PromiseStatus, _: Words) -> Iterator[str]:
    match standing.ended:
        case "kept":
            yield _("This promise is kept.")
        case "said" if standing.reason:
            yield _("It is closed. The reason: {reason}", reason=standing.reason)
