"""A promise is looked at again: who says what about it, when it is settled, and both sides in one sentence."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal

from conversations.core.i18n import Words
from conversations.outcomes.outcome import Decision
from conversations.promises.history import ENOUGH, OwnerSays, Says, Standing, can_tell, objections
from conversations.results.counting.disclosure_control import FLOOR

State = Literal["waiting", "owner", "people", "reason", "closed"]
Ruling = Literal["kept", "again"]

SAYS: tuple[Says, ...] = ("yes", "partly", "no", "unsure")
OWNER_SAYS: tuple[OwnerSays, ...] = ("yes", "partly", "no")
REVISITED: tuple[Decision, ...] = ("did", "doing", "will")  # a *can't* has nothing that could have happened

ROUNDS = 3  # times that it is asked, before staff say why it stays as it is
ANSWERED_WITHIN = timedelta(days=28)  # how long people may answer


def ruling(owner: OwnerSays | None, counts: Mapping[Says, int]) -> Ruling:
    """What comes of it when the time to answer is over. It is kept where most of at least three say yes, or where
    its owner says yes and nobody objects: silence never makes up for an owner who does not say that it is done.
    """
    told, objecting = can_tell(counts), objections(counts)
    if told >= ENOUGH and counts.get("yes", 0) * 2 > told:
        return "kept"
    return "kept" if owner == "yes" and not objecting else "again"


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
