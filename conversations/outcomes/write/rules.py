"""The requirements that an outcome must meet before it may go out."""

from collections.abc import Mapping
from datetime import date

from conversations.core.i18n import N_
from conversations.core.record import Record, field
from conversations.outcomes.outcome import (
    Decision,
    Outcome,
    Part,
    PartField,
    current_variants,
    questions_to_answer,
    spots,
)
from conversations.outcomes.write.reasons import says_nothing

FIELD_MOST = 500  # letters in one field
VARIANT_MOST = 750  # letters in a translation of a field, which may need more
PARTS_MOST = 10
WHOLE_MOST = 3800  # letters in the whole message, so that every channel sends it as one
_AROUND = 180  # letters that a part needs besides its texts: labels, and the person's own answer

TOO_LONG = N_("That is too long to send. Make it shorter.")
NOTHING_YET = N_("There is nothing to send yet. Begin with what they said.")
NOT_WHOLE = N_("Part {n} isn't finished.")
NO_BECAUSE = N_("Part {n}: a “can't” needs its because.")
NO_OWNER = N_("Part {n} doesn't say who will do it.")
NO_DAY = N_("Part {n} doesn't say by when.")
DAY_IN_THE_PAST = N_("Part {n}: its day would have passed. Choose a later one.")
NO_DECIDER = N_("First say who decided.")
NO_DESCRIPTION = N_("The picture needs words for those who can't see it.")

_LACKING: Mapping[PartField, str] = {"because": NO_BECAUSE, "owner": NO_OWNER, "due": NO_DAY}


class Obstacle(Record):
    """Why an outcome may not go out: a catalogue message, its values, and the part and field to fix."""

    words: str
    values: Mapping[str, int] = field(default_factory=dict)
    place: int | None = None
    field: PartField | None = None


def obstacle(outcome: Outcome, on: date) -> Obstacle | None:
    """The first thing that keeps it from going out on the day `on` of the team's calendar; None if nothing does."""
    if not outcome.parts:
        return Obstacle(NOTHING_YET)
    for n, part in enumerate(outcome.parts, 1):
        lacking = missing_field(outcome, part)
        if lacking:
            return Obstacle(_LACKING.get(lacking, NOT_WHOLE), {"n": n}, part.place, lacking)
        if part.due and part.due < on:
            return Obstacle(DAY_IN_THE_PAST, {"n": n}, part.place, "due")
    if not outcome.original(outcome.who):
        return Obstacle(NO_DECIDER)
    if outcome.picture and not outcome.original(outcome.picture.described):
        return Obstacle(NO_DESCRIPTION)
    return Obstacle(TOO_LONG) if longest_length(outcome) > WHOLE_MOST else None


def missing_field(outcome: Outcome, part: Part) -> PartField | None:
    """The first field that a part still needs; None if it is complete. The because of a *can't* must say something
    (see `says_nothing`).
    """
    for name in fields_of(outcome, part.decision):
        value = getattr(part, name)
        if value is None if name == "question" else not value:
            return name
        if name == "because" and says_nothing(outcome.original(part.because)):
            return name
    return None


def fields_of(outcome: Outcome, decision: Decision | None) -> tuple[PartField, ...]:
    """The fields of a part with this decision, in the order of asking. Its question is asked only if there are
    several.
    """
    which: tuple[PartField, ...] = ("question",) if len(questions_to_answer(outcome.about.form)) > 1 else ()
    always: tuple[PartField, ...] = ("you_said", *which, "we_heard", "decision", "what")
    match decision:
        case "cant":
            return (*always, "because")
        case "will" | "doing":
            return (*always, "owner", "due")
    return always


def longest_length(outcome: Outcome) -> int:
    """The length of the longest message that anybody gets, in letters."""
    texts = [current_variants(variants) for _spot, variants in spots(outcome)]
    quoted = sum(len(part.quote.words) for part in outcome.parts if part.quote)

    def read_in(variant: str) -> int:
        base = variant.partition("-")[0]
        return sum(len(said.get(variant) or said.get(base) or outcome.original(said)) for said in texts)

    longest = max(map(read_in, {outcome.language, *(key for said in texts for key in said)}))
    return longest + quoted + _AROUND * len(outcome.parts)
