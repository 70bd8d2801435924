"""Writing outcomes: the first field creates the draft, every text is sealed, and an edit ends an approval."""

from typing import Any, cast

from sqlalchemy import Row, and_, delete, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.outcomes.effects import (
    DescribePicture,
    DropPart,
    DropPicture,
    SetDecider,
    SetPicture,
    SetQuote,
    WritePart,
    WriteVariant,
)
from conversations.outcomes.outcome import (
    PART_TEXTS,
    Decision,
    PartField,
    Subject,
    rewrite,
    text_at,
    with_variant,
)
from conversations.outcomes.write.draft import Draft
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import (
    DAY_IN_THE_PAST,
    FIELD_MOST,
    NOTHING_YET,
    PARTS_MOST,
    TOO_LONG,
    VARIANT_MOST,
    fields_of,
)
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks, new_id
from storage.outcomes import pictures, subjects
from storage.outcomes.outcomes import Sealed, drafts, seal, texts_of
from storage.people.people import ErasingPeople
from storage.results import quotes
from storage.security import audit_log
from storage.tables import approvals, issues, outcomes, parts, writers

GONE = N_("That one isn't there any more.")
ANSWERED = N_("That one has been answered already.")
HAS_A_TIME = N_("This answer is set to go out already. Take it back first, then you can change it.")
NO_YES = N_("That sentence may not be quoted any more.")

_PICTURE_MOST = 4_000_000  # bytes; a sanitised picture is far smaller


# --- parts ----------------------------------------------------------------------------------------


def write_part(db: Db, door: Door, effect: WritePart) -> None:
    """Writes one field of a part, creating the draft and the part if needed."""
    draft = _writable(db, effect.about)
    _check(db, draft, effect)
    number = _begin_or_edit(db, door, draft)
    row = _part_row(db, number, effect.place)
    texts = texts_of(db, "parts", row)
    values: dict[str, Any] = {}
    if effect.field in PART_TEXTS:
        said = rewrite(texts.get(effect.field, {}), draft.outcome.language, str(effect.value))
        texts[effect.field] = dict(said)
    else:
        values[effect.field] = effect.value
    if effect.field == "decision":
        kept = fields_of(draft.outcome, cast(Decision, effect.value))
        texts = {name: said for name, said in texts.items() if name in kept}
        values |= {} if "due" in kept else {"due": None}
    values["sealed"] = seal(db, "parts", row.id, texts)
    db.run(update(parts).where(parts.c.id == row.id).values(**values))


def drop_part(db: Db, door: Door, effect: DropPart) -> None:
    draft = _writable(db, effect.about)
    number = _begin_or_edit(db, door, draft)
    db.run(delete(parts).where(parts.c.outcome_id == number, parts.c.place == effect.place))


def set_quote(db: Db, door: Door, effect: SetQuote) -> None:
    """Sets or removes a part's quote. Raises Refused unless it is of this consultation and has its person's consent."""
    draft = _writable(db, effect.about)
    may = {quote.id for quote in quotes.quotable(db, effect.about.id)}
    if effect.quote is not None and (effect.about.kind != "consultation" or effect.quote not in may):
        raise Refused(NO_YES)
    number = _begin_or_edit(db, door, draft)
    here = and_(parts.c.outcome_id == number, parts.c.place == effect.place)
    db.run(update(parts).where(here).values(quote_id=effect.quote))


def _check(db: Db, draft: Draft, effect: WritePart) -> None:
    """Raises Refused for input that the conversation would not accept."""
    field: PartField = effect.field
    new = all(part.place != effect.place for part in draft.outcome.parts)
    if len(str(effect.value)) > FIELD_MOST or not 0 <= effect.place <= draft.new_place:
        raise Refused(TOO_LONG)
    if new and len(draft.outcome.parts) >= PARTS_MOST:
        raise Refused(TOO_LONG)
    if field == "because" and says_nothing(str(effect.value)):
        raise Refused(SAYS_NOTHING)
    if field == "due" and str(effect.value) < db.today.isoformat():
        raise Refused(DAY_IN_THE_PAST, n=_part_number(draft, effect.place))


def _part_number(draft: Draft, place: int) -> int:
    """The part's number as people see it, counted from 1."""
    return sum(part.place < place for part in draft.outcome.parts) + 1


def _part_row(db: Db, number: int, place: int) -> Row[Any]:
    new = db.insert(parts).values(outcome_id=number, place=place)
    db.run(new.on_conflict_do_nothing())
    return db.run(select(parts).where(parts.c.outcome_id == number, parts.c.place == place)).one()


# --- the outcome's own words, and others' ---------------------------------------------------------


def set_decider(db: Db, door: Door, effect: SetDecider) -> None:
    _write_own(db, door, effect.about, "who", effect.who)


def describe_picture(db: Db, door: Door, effect: DescribePicture) -> None:
    _write_own(db, door, effect.about, "picture", effect.text)


def write_variant(db: Db, door: Door, effect: WriteVariant) -> None:
    """Writes a text in another language or reading version. Raises Refused if there is no original."""
    draft, spot = _writable(db, effect.about), effect.spot
    if not effect.text.strip() or len(effect.text) > VARIANT_MOST or len(effect.variant) > len("en-normal"):
        raise Refused(TOO_LONG)
    if spot.name == "because" and says_nothing(effect.text):
        raise Refused(SAYS_NOTHING)
    found = text_at(draft.outcome, spot)
    if not found or effect.variant == draft.outcome.language:
        raise Refused(NOTHING_YET)
    number = _begin_or_edit(db, door, draft)
    said = dict(with_variant(found, effect.variant, effect.text))
    if spot.place is None:
        _store_own(db, number, spot.name, said)
        return
    row = _part_row(db, number, spot.place)
    texts = texts_of(db, "parts", row) | {spot.name: said}
    db.run(update(parts).where(parts.c.id == row.id).values(sealed=seal(db, "parts", row.id, texts)))


def set_picture(db: Db, door: Door, effect: SetPicture) -> None:
    draft = _writable(db, effect.about)
    if not effect.content or len(effect.content) > _PICTURE_MOST:
        raise Refused(TOO_LONG)
    number = _begin_or_edit(db, door, draft)
    pictures.replace(db, number, effect.content)
    _store_own(db, number, "picture", {})


def drop_picture(db: Db, door: Door, effect: DropPicture) -> None:
    number = _begin_or_edit(db, door, _writable(db, effect.about))
    pictures.remove(db, number)
    _store_own(db, number, "picture", {})


def _write_own(db: Db, door: Door, about: Subject, name: str, text: str) -> None:
    draft = _writable(db, about)
    if not text.strip() or len(text) > FIELD_MOST:
        raise Refused(TOO_LONG)
    number = _begin_or_edit(db, door, draft)
    there = _own_texts(db, number).get(name, {})
    _store_own(db, number, name, dict(rewrite(there, draft.outcome.language, text)))


def _store_own(db: Db, number: int, name: str, said: dict[str, str]) -> None:
    texts = {**_own_texts(db, number), name: said}
    kept = {one: variants for one, variants in texts.items() if variants}
    values = {"sealed": seal(db, "outcomes", number, kept)}
    db.run(update(outcomes).where(outcomes.c.id == number).values(**values))


def _own_texts(db: Db, number: int) -> Sealed:
    return texts_of(db, "outcomes", db.run(select(outcomes).where(outcomes.c.id == number)).one())


# --- locking --------------------------------------------------------------------------------------


def lock_draft(db: Db, subject: Subject) -> Draft:
    """Locks a subject's draft until this transaction ends, and returns it. Raises Refused if the subject was deleted."""
    subjects.lock(db, subject)
    about = subjects.about(db, subject)
    if about is None:
        raise Refused(GONE)
    return drafts(db, [about])[0]


def _writable(db: Db, subject: Subject) -> Draft:
    draft = lock_draft(db, subject)
    if draft.stage == "scheduled":
        raise Refused(HAS_A_TIME)
    if not draft.is_writable:
        raise Refused(ANSWERED)
    return draft


def _begin_or_edit(db: Db, door: Door, draft: Draft) -> int:
    """The draft's id; creates the draft if needed. Records the person as a writer and deletes any approval."""
    number = draft.outcome.id or _begin(db, door, draft)
    if not draft.outcome.parts:  # begun anew, also for those who may say yes to it
        db.run(update(outcomes).where(outcomes.c.id == number).values(made_at=db.now))
    wrote = db.insert(writers).values(outcome_id=number, person_id=door.person.id)
    db.run(wrote.on_conflict_do_nothing())
    db.run(delete(approvals).where(approvals.c.outcome_id == number))
    audit_log.note(db, door.person.id, "outcome.changed", f"outcome {number}")
    return number


def _begin(db: Db, door: Door, draft: Draft) -> int:
    values: dict[str, object] = {"state": "draft", "made_by": door.person.id, "made_at": db.now}
    values |= {"language": draft.outcome.language, **subjects.subject_columns(draft.subject)}
    return new_id(db.run(outcomes.insert().values(**values)))


def drop_about_erased(db: Db, going: ErasingPeople) -> None:
    """Deletes unpublished outcomes of issues whose raisers are erased. Published outcomes stay."""
    raised = select(issues.c.id).where(issues.c.person_id.in_(going.ids))
    db.run(delete(outcomes).where(outcomes.c.issue_id.in_(raised), outcomes.c.state != "published"))


HANDLERS: Handlers = {
    WritePart: EffectHandler(write_part, right=Rights.PUBLISH_OUTCOMES),
    DropPart: EffectHandler(drop_part, right=Rights.PUBLISH_OUTCOMES),
    SetQuote: EffectHandler(set_quote, right=Rights.PUBLISH_OUTCOMES),
    SetDecider: EffectHandler(set_decider, right=Rights.PUBLISH_OUTCOMES),
    DescribePicture: EffectHandler(describe_picture, right=Rights.PUBLISH_OUTCOMES),
    WriteVariant: EffectHandler(write_variant, right=Rights.PUBLISH_OUTCOMES),
    SetPicture: EffectHandler(set_picture, right=Rights.PUBLISH_OUTCOMES),
    DropPicture: EffectHandler(drop_picture, right=Rights.PUBLISH_OUTCOMES),
}
HOOKS: Hooks = {ErasingPeople: drop_about_erased}
