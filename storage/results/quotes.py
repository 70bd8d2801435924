"""Quotes: what people wrote, with their consent, and only while the text is unchanged."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, and_, delete, select, update

from conversations.core.effects import Refused
from conversations.core.i18n import N_
from conversations.core.messages import Session
from conversations.core.record import Record
from conversations.outcomes.outcome import Quote
from conversations.results.effects import AnswerQuote, AskToQuote
from conversations.results.facts import (
    ASKED_ALREADY,
    QUOTE_MOST,
    TEXT_GONE,
    WRITER_UNREACHABLE,
    MyQuotes,
    OneSentence,
    QuoteConsent,
    Sentence,
)
from conversations.results.messages import QUOTE
from conversations.team.rights import Rights
from storage.consultations import answers
from storage.consultations.consultations import consultation
from storage.consultations.taking_back import AnswerTakenBack
from storage.core.dispatch import EffectHandler, Handlers, Loaders, MyDataFields
from storage.core.door import Door
from storage.core.unit_of_work import Db, Hooks, new_id
from storage.outbox import outbox
from storage.people.people import ErasingPeople, addresses_of_person
from storage.people.using import UseChanged
from storage.security import audit_log, lineage
from storage.tables import answers as answers_table
from storage.tables import outbox as outbox_table
from storage.tables import parts, people, quotes

CHANGED = N_("You have changed what you wrote since, so it isn't quoted.")


class QuoteRequest(Record):
    """A request to quote a text that is still as it was when its person was asked."""

    id: int
    person: int
    consultation: int
    state: QuoteConsent
    words: str


def requests_where(db: Db, *conditions: ColumnElement[bool]) -> Iterator[QuoteRequest]:
    """The requests that meet all conditions, oldest first, without those whose text was changed, deleted, or is not
    for the team to read.
    """
    there = and_(
        answers_table.c.person_id == quotes.c.person_id,
        answers_table.c.consultation_id == quotes.c.consultation_id,
        answers_table.c.question == quotes.c.question,
        answers.IS_TEXT,
    )
    query = select(quotes, answers_table.c.sealed).join_from(quotes, answers_table, there).where(*conditions)
    for row in db.run(query.order_by(quotes.c.id)):
        words = answers.unseal(db, row)
        if row.hashed in _hashes(db, words):
            yield QuoteRequest(row.id, row.person_id, row.consultation_id, row.state, words)


def words_of(db: Db, ids: Collection[int]) -> dict[int, str]:
    """The texts of these quotes, by id; those without a valid consent are left out."""
    return (
        {one.id: one.words for one in requests_where(db, quotes.c.id.in_(ids), quotes.c.state == "yes")}
        if ids
        else {}
    )


def quotable(db: Db, about: int) -> tuple[Quote, ...]:
    """The texts of one consultation that may be quoted."""
    found = tuple(requests_where(db, quotes.c.consultation_id == about, quotes.c.state == "yes"))
    db.opened.update(one.person for one in found)
    return tuple(Quote(one.id, one.words) for one in found)


def consent_of(db: Db, person: int, about: int, question: str) -> QuoteConsent | None:
    """The person's consent for their present text; None if they were not asked."""
    theirs = (quotes.c.person_id == person, quotes.c.consultation_id == about, quotes.c.question == question)
    return next((one.state for one in requests_where(db, *theirs)), None)


def _hashes(db: Db, words: str) -> tuple[bytes, ...]:
    # The prefix keeps a text's hash from equalling an address's. Retired keys count too, so that a consent outlives its key.
    return db.vault.hashes_ever(f"quote:{words}")


# --- asking, and the answer -----------------------------------------------------------------------


def ask(db: Db, door: Door, effect: AskToQuote) -> None:
    words = answers.text(db, effect.person, effect.consultation, effect.question)
    if words is None or len(words) > QUOTE_MOST:
        raise Refused(TEXT_GONE)
    if consent_of(db, effect.person, effect.consultation, effect.question):
        raise Refused(ASKED_ALREADY)
    welcome = select(people.c.id).where(
        people.c.id == effect.person, people.c.agreed_at.is_not(None), people.c.stopped_at.is_(None)
    )
    if db.run(welcome).first() is None:
        raise Refused(WRITER_UNREACHABLE)
    whose = {"person_id": effect.person, "consultation_id": effect.consultation, "question": effect.question}
    new = db.insert(quotes).values(**whose, hashed=_hashes(db, words)[0], state="asked", at=db.now)
    done = db.run(new.on_conflict_do_nothing())
    if done.rowcount == 0:  # a colleague was quicker
        raise Refused(ASKED_ALREADY)
    number = new_id(done)
    if not outbox.announce(db, effect.person, f"quote:{number}", QUOTE, number):
        raise Refused(WRITER_UNREACHABLE)
    audit_log.note(db, door.person.id, "asked to quote somebody", f"consultation {effect.consultation}")


def answer(db: Db, door: Door, effect: AnswerQuote) -> None:
    """Stores a person's yes or no. A yes holds only for the text that they were shown."""
    mine = (quotes.c.id == effect.quote, quotes.c.person_id == door.person.id)
    if effect.yes and not any(requests_where(db, *mine)):
        raise Refused(CHANGED)
    if not effect.yes and db.run(select(quotes.c.id).where(*mine, quotes.c.state == "yes")).first():
        lineage.note(db, "unquoted", addresses_of_person(db, door.person.id))
    db.run(update(quotes).where(*mine).values(state="yes" if effect.yes else "no"))
    unshow(db, and_(*mine))


def forget_taken_back(db: Db, taken: AnswerTakenBack) -> None:
    """Deletes what was asked about a text that its writer has taken back."""
    of_it = and_(quotes.c.consultation_id == taken.consultation, quotes.c.question == taken.question)
    theirs = and_(quotes.c.person_id == taken.person, of_it)
    unshow(db, theirs)
    db.run(delete(quotes).where(theirs))


def unshow(db: Db, whose: ColumnElement[bool]) -> None:
    """Blanks what pages show of outcomes that quote these people. It is built again, without the quote, when next shown."""
    quoting = select(parts.c.outcome_id).join(quotes, quotes.c.id == parts.c.quote_id).where(whose)
    shown = and_(outbox_table.c.state == "shown", outbox_table.c.kind == "outcome")
    db.run(update(outbox_table).where(shown, outbox_table.c.about.in_(quoting)).values(sealed=None))


# --- one's own ------------------------------------------------------------------------------------


def my_quotes(db: Db, door: Door, _session: Session) -> MyQuotes:
    found = requests_where(db, quotes.c.person_id == door.person.id, quotes.c.state == "yes")
    return MyQuotes(tuple(Sentence(one.id, one.words, {}, yes=True) for one in found))


def quoted_words(db: Db, person: int) -> tuple[str, ...]:
    """The texts of a person that may be quoted."""
    return tuple(
        one.words for one in requests_where(db, quotes.c.person_id == person, quotes.c.state == "yes")
    )


def one_sentence(db: Db, door: Door, session: Session) -> OneSentence:
    mine = (quotes.c.id == session.number("quote"), quotes.c.person_id == door.person.id)
    one = next(requests_where(db, *mine), None)
    about = consultation(db, one.consultation) if one else None
    if one is None or about is None:
        return OneSentence(None)
    form = about.form
    yes = one.state == "yes"
    return OneSentence(Sentence(one.id, one.words, form.title, yes, form.default_language))


HANDLERS: Handlers = {
    AskToQuote: EffectHandler(ask, right=Rights.READ_ANSWERS),
    AnswerQuote: EffectHandler(answer),
}
HOOKS: Hooks = {
    AnswerTakenBack: forget_taken_back,
    ErasingPeople: lambda db, going: unshow(db, quotes.c.person_id.in_(going.ids)),
    UseChanged: lambda db, changed: unshow(db, quotes.c.person_id == changed.person),
}
FACTS: Loaders = {MyQuotes: my_quotes, OneSentence: one_sentence}
MY_DATA: MyDataFields = {"quoted": quoted_words}
