"""A promise is looked at again: who says what about it, when it is settled, and both sides in one sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from conversations.counting.hiding import FLOOR
from conversations.outcomes import Decision
from conversations.rules import Rules, next_waking
from conversations.words import Words

Says = Literal["yes", "partly", "no", "unsure"]
OwnerSays = Literal["yes", "partly", "no"]
State = Literal["waiting", "owner", "people", "reason", "closed"]
Ended = Literal["kept", "again", "said"]
Ruling = Literal["kept", "again"]

SAYS: tuple[Says, ...] = ("yes", "partly", "no", "unsure")
OWNER_SAYS: tuple[OwnerSays, ...] = ("yes", "partly", "no")
REVISITED: tuple[Decision, ...] = ("did", "doing", "will")  # a *can't* has nothing that could have happened

ENOUGH = 3  # answers that can tell, from which on most of them decide
ROUNDS = 3  # times that it is asked, before staff say why it stays as it is
ANSWERED_WITHIN = timedelta(days=28)  # how long people may answer
_HOUR = time(9)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a part stands that was promised or done, by the last time that it was looked at. `counts` are true
    numbers; `note` is what its owner added, `reason` why staff closed it, both in the words that they typed.
    `asked` says that people were asked, `over` that they can't answer any more.
    """

    owner: OwnerSays | None = None
    counts: Mapping[Says, int] = field(default_factory=dict)
    note: str = ""
    reason: str = ""
    asked: bool = False
    over: bool = False
    ended: Ended | None = None

    @property
    def open(self) -> bool:
        """Whether it stands open: neither those who took part nor a reason closed it."""
        return self.ended not in {"kept", "said"}

    @property
    def disputed(self) -> bool:
        """Whether its owner says that it is done, and most of enough people do not."""
        told, objecting = can_tell(self.counts), objections(self.counts)
        return self.owner == "yes" and told >= ENOUGH and objecting * 2 >= told


def can_tell(counts: Mapping[Says, int]) -> int:
    """Those who said yes, partly or no."""
    return sum(counts.get(says, 0) for says in OWNER_SAYS)


def objections(counts: Mapping[Says, int]) -> int:
    """Those who said that it has not happened, or not all of it."""
    return counts.get("partly", 0) + counts.get("no", 0)


def ruling(owner: OwnerSays | None, counts: Mapping[Says, int]) -> Ruling:
    """What comes of it when the time to answer is over. It is kept where most of at least three say yes, or where
    its owner says yes and nobody objects: silence never makes up for an owner who does not say that it is done.
    """
    told, objecting = can_tell(counts), objections(counts)
    if told >= ENOUGH and counts.get("yes", 0) * 2 > told:
        return "kept"
    return "kept" if owner == "yes" and not objecting else "again"


def morning(day: date, rules: Rules) -> datetime:
    """When somebody is asked on that day: at nine by the team's clock, and never in quiet hours. In UTC."""
    return next_waking(datetime.combine(day, _HOUR, rules.zone).astimezone(UTC), rules)


# --- in words -------------------------------------------------------------------------------------


def standing_text(standing: Standing, smallest: int, _: Words) -> str:
    """Both sides for everybody to read: "The council says it is done. 7 of 13 people who could tell say: partly or
    no." Empty where there is nothing to say yet. Numbers under `smallest` are hidden: then it says what most say, and
    of fewer than three people nothing.
    """
    return " ".join((*_owner(standing, _), *_people(standing, smallest, _), *_end(standing, _)))


def _owner(standing: Standing, _: Words) -> Iterator[str]:
    match standing.owner:
        case "yes":
            yield _("The council says it is done.")
        case "partly":
            yield _("The council says part of it is done.")
        case "no":
            yield _("The council says it isn't done yet.")
    if standing.owner and standing.note:
        yield _('It adds: "{words}"', words=standing.note)


def _people(standing: Standing, smallest: int, _: Words) -> Iterator[str]:
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


def _end(standing: Standing, _: Words) -> Iterator[str]:
    match standing.ended:
        case "kept":
            yield _("This promise is kept.")
        case "said" if standing.reason:
            yield _("It is closed. The reason: {reason}", reason=standing.reason)
