"""Corrects and withdraws what is published, on its page, in the feed and in every message with it."""

from sqlalchemy import delete, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.record import replace
from conversations.corrections.effects import CorrectText, Withdraw
from conversations.corrections.facts import AllPublished, OnePublished
from conversations.news.article import TEXT_MOST, TITLE_MOST
from conversations.outcomes.outcome import PART_TEXTS, rewrite, with_variant
from conversations.outcomes.write.reasons import SAYS_NOTHING, says_nothing
from conversations.outcomes.write.rules import FIELD_MOST, WHOLE_MOST, longest_length
from conversations.team.corrections import Correction, PublishedKind, Why
from conversations.team.rights import Rights
from storage.core.dispatch import NOT_YOURS, EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.corrections import edits, forms, published, reasons
from storage.outcomes import subjects
from storage.outcomes.outcomes import outcomes_where, seal, texts_of
from storage.security import lineage
from storage.tables import consultations, issues, news, outcomes, parts
from storage.team import corrections as stored

GONE = N_("That one isn't published any more. Nothing has changed.")
UNCHANGED = N_("That is what it says already. Nothing has changed.")
TOO_LONG = N_("That is too long to send. Make it shorter.")
_RIGHTS: dict[PublishedKind, Rights] = {
    "outcome": Rights.PUBLISH_OUTCOMES,
    "news": Rights.WRITE_NEWS,
    "asked": Rights.WRITE_CONSULTATIONS,
}


def correct(db: Db, door: Door, effect: CorrectText) -> None:
    """Replaces a text. Its translations say the old one, so they go until somebody corrects them too; where it was
    personal, they are erased.
    """
    if not door.person.may(_RIGHTS[effect.kind]):
        raise Refused(NOT_YOURS)
    found = published.one_published(db, effect.kind, effect.about)
    before = found.text(effect.key)
    words = effect.words.strip()
    if not before or not words:
        raise Refused(GONE)
    if before.get(effect.variant) == words:
        raise Refused(UNCHANGED)
    write = {"news": _correct_news, "outcome": _correct_outcome, "asked": _correct_asked}[effect.kind]
    if effect.kind == "outcome" and reasons.is_reason(effect.key):
        write = _correct_reason
    write(db, replace(effect, words=words), dict(before), found.language)
    old = before.get(effect.variant, "")
    number = stored.add(db, door.person.id, effect.kind, effect.about, effect.why, old)
    if effect.why == "personal":
        lineage.note(db, "withdrawn", (name_of(effect.kind, effect.about),))
    edits.correct_messages(db, effect.kind, effect.about, number, door.person.id, key=effect.key)


def withdraw(db: Db, door: Door, effect: Withdraw) -> None:
    """Withdraws it at once. What was not sent yet is never sent."""
    found = published.one_published(db, effect.kind, effect.about)
    if found.thing is None or effect.kind == "asked":
        raise Refused(GONE)
    lineage.note(db, "withdrawn", (name_of(effect.kind, effect.about),))
    take_back(db, door.person.id, effect.kind, effect.about, effect.why)


def take_back(db: Db, by: int | None, kind: PublishedKind, about: int, why: Why) -> None:
    """Erases something published, and leaves a dated notice."""
    found = published.one_published(db, kind, about)
    text = "\n".join(said for one in found.texts for said in one.texts.values())
    row = db.run(select(outcomes).where(outcomes.c.id == about)).first() if kind == "outcome" else None
    notice = (
        {"consultation_id": row.consultation_id, "issue_id": row.issue_id, "published_at": row.published_at}
        if row
        else {}
    )
    number = stored.add(db, by, kind, about, why, text, withdrawn=True, **notice)
    edits.withdraw_messages(db, kind, about, number, by)
    if row is None:
        db.run(delete(news).where(news.c.id == about))
        return
    db.run(delete(outcomes).where(outcomes.c.id == about))
    subject = subjects.subject_in(row)
    waits, state = (issues, "open") if subject.kind == "issue" else (consultations, "closed")
    answered = waits.c.state.in_(("answered", "revisited"))
    db.run(update(waits).where(waits.c.id == subject.id, answered).values(state=state))


def name_of(kind: PublishedKind, about: int) -> str:
    """The name by which the erasure log knows something published."""
    return f"published:{kind}:{about}"


# --- writing --------------------------------------------------------------------------------------


def _correct_news(db: Db, effect: CorrectText, before: dict[str, str], language: str) -> None:
    if len(effect.words) > (TITLE_MOST if effect.key == "title" else TEXT_MOST):
        raise Refused(TOO_LONG)
    kept = {} if effect.variant == language else before
    texts = {**kept, effect.variant: effect.words}
    column = news.c.title if effect.key == "title" else news.c.text
    db.run(update(news).where(news.c.id == effect.about).values({column: texts}))


def _correct_reason(db: Db, effect: CorrectText, before: dict[str, str], language: str) -> None:
    if len(effect.words) > FIELD_MOST:
        raise Refused(TOO_LONG)
    del before, language  # it was written once, in one language
    if says_nothing(effect.words):
        raise Refused(SAYS_NOTHING)
    reasons.write(db, effect.key, effect.words)


def _correct_asked(db: Db, effect: CorrectText, before: dict[str, str], language: str) -> None:
    """What young people answered stays: options keep their names."""
    kept = {} if effect.why == "personal" and effect.variant == language else before
    told = Correction(0, "asked", effect.about, withdrawn=False, why=effect.why, at=db.now)
    forms.write(db, effect.about, effect.key, {**kept, effect.variant: effect.words}, told)


def _correct_outcome(db: Db, effect: CorrectText, before: dict[str, str], language: str) -> None:
    if len(effect.words) > FIELD_MOST:
        raise Refused(TOO_LONG)
    place, _space, name = effect.key.rpartition(" ")
    if name == "because" and says_nothing(effect.words):
        raise Refused(SAYS_NOTHING)
    texts = dict(_texts_after(before, effect, language))
    if place and name in PART_TEXTS:
        its = (parts.c.outcome_id == effect.about, parts.c.place == int(place))
        row = db.run(select(parts).where(*its)).one()
        sealed = seal(db, "parts", row.id, texts_of(db, "parts", row) | {name: texts})
        db.run(update(parts).where(parts.c.id == row.id).values(sealed=sealed))
    else:
        row = db.run(select(outcomes).where(outcomes.c.id == effect.about)).one()
        sealed = seal(db, "outcomes", row.id, texts_of(db, "outcomes", row) | {name: texts})
        db.run(update(outcomes).where(outcomes.c.id == row.id).values(sealed=sealed))
    (now,) = outcomes_where(db, outcomes.c.id == effect.about)
    if longest_length(now) > WHOLE_MOST:
        raise Refused(TOO_LONG)


def _texts_after(before: dict[str, str], effect: CorrectText, language: str) -> dict[str, str]:
    if effect.variant != language:
        return dict(with_variant(before, effect.variant, effect.words))
    if effect.why == "personal":
        return {language: effect.words}
    return dict(rewrite(before, language, effect.words))


# --- facts ----------------------------------------------------------------------------------------


def all_published(db: Db, door: Door, _session: Session) -> AllPublished:
    return published.all_published(db, door.person)


def one_published(db: Db, door: Door, session: Session) -> OnePublished:
    kind, about = session.notes.get("kind"), session.number("about")
    if kind not in _RIGHTS or not door.person.may(_RIGHTS[kind]):
        return OnePublished()
    found = published.one_published(db, kind, about)
    return replace(found, reach=edits.reach(db, kind, about)) if found.thing else found


HANDLERS: Handlers = {
    CorrectText: EffectHandler(correct, right=Rights.CORRECT_PUBLISHED),
    Withdraw: EffectHandler(withdraw, right=Rights.WITHDRAW_PUBLISHED),
}
FACTS: Loaders = {AllPublished: all_published, OnePublished: one_published}
