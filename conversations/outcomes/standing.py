"""Whether what was promised has really happened, by those who promised it and by those who took part: both sides in one sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from conversations.core.i18n import Words
from conversations.core.record import record
from conversations.results.counting.disclosure_control import FLOOR

Says = Literal["yes", "partly", "no", "unsure"]
OwnerSays = Literal["yes", "partly", "no"]
Ended = Literal["kept", "again", "said"]

ENOUGH = 3  # answers that can tell, from which on most of them decide


@record
class PromiseStatus:
    """Where a part stands that was promised or done, by the last time that it was looked at. `counts` are true
    numbers; `note` is what its owner added, `reason` why staff closed it, both in the words that they typed.
    `asked` says that people were asked, `over` that they can't answer any more. Numbers under `smallest` are not for
    everybody.
    """

    owner: OwnerSays | None = None
    counts: Mapping[Says, int] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    asked: bool = False
    over: bool = False
    ended: Ended | None = None
    smallest: int = 0

    @property
    def open(self) -> bool:
        """Whether it stands open: neither those who took part nor a reason closed it."""
        return self.ended not in {"kept", "said"}


def can_tell(counts: Mapping[Says, int]) -> int:
    """Those who said yes, partly or no."""
    return sum(counts.get(says, 0) for says in ("yes", "partly", "no"))


def objections(counts: Mapping[Says, int]) -> int:
    """Those who said that it has not happened, or not all of it."""
    return counts.get("partly", 0) + counts.get("no", 0)


def standing_text(standing: PromiseStatus, smallest: int, _: Words) -> str:
    """Both sides for everybody to read: "The council says it is done. 7 of 13 people who could tell say: partly or
    no." Empty where there is nothing to say yet. Numbers under `smallest` are hidden: then it says what most say, and
    of fewer than three people nothing.
    """
    return " ".join((*_owner(standing, _), *_people(standing, smallest, _), *_end(standing, _)))


def _owner(standing: PromiseStatus, _: Words) -> Iterator[str]:
    match standing.owner:
        case "yes":
            yield _("The council says it is done.")
        case "partly":
            yield _("The council says part of it is done.")
        case "no":
            yield _("The council says it isn't done yet.")
    if standing.owner and standing.note:
        yield _('It adds: "{words}"', words=standing.note)


def _people(standing: PromiseStatus, smallest: int, _: Words) -> Iterator[str]:
    """What is said while they may still answer would show what one more person said: so only when that is over."""
    told, objecting = can_tell(standing.counts), objections(standing.counts)
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


def _end(standing: PromiseStatus, _: Words) -> Iterator[str]:
    match standing.ended:
        case "kept":
            yield _("This promise is kept.")
        case "said" if standing.reason:
            yield _("It is closed. The reason: {reason}", reason=standing.reason)
