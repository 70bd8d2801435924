"""Results for staff: counts and texts, with an audit line for reading and exporting."""

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Shape
from conversations.consultations.kinds.registry import shape_of
from conversations.core.messages import Session
from conversations.results.counting import answerable_questions
from conversations.results.effects import ExportAnswers, ReadAnswers
from conversations.results.facts import A_PAGE_OF_TEXTS, ConsultationCounts, OneText, TextAnswers
from conversations.results.visibility import sees_true
from conversations.team.rights import Rights
from storage.consultations import answers
from storage.consultations.consultations import consultation
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.results import counts as result_counts
from storage.results import quotes, shown_counts
from storage.security import audit_log


def counts(db: Db, door: Door, session: Session) -> ConsultationCounts:
    about = consultation(db, session.number("consultation"))
    if about is None or about.state in {"draft", "scheduled"}:
        return ConsultationCounts(None)
    if sees_true(door.person):
        found = result_counts.counts(db, about.id, _to_count(about, session))
    else:
        found = shown_counts.of_consultation(db, about.id)
    with_lead = sees_true(door.person) and answers.is_any_kept_back(db, about.id)
    return ConsultationCounts(about, found.people, found.tallies, found.at, with_lead)


def _to_count(about: Consultation, session: Session) -> tuple[str, ...]:
    """The question to count: staff who see true counts need only the shown one, which is quicker."""
    asked = answerable_questions(about.form)
    return (asked[min(session.number("question"), len(asked) - 1)].name,) if asked else ()


def texts_page(db: Db, _door: Door, session: Session) -> TextAnswers:
    """One page of texts, oldest first."""
    name = _question(db, session)
    if name is None:
        return TextAnswers((), 0)
    first = session.number("page") * A_PAGE_OF_TEXTS
    texts, total = answers.texts(db, session.number("consultation"), name, first, A_PAGE_OF_TEXTS)
    return TextAnswers(
        tuple(words for _who, words in texts),
        total,
        first,
        tuple(who for who, _words in texts),
        answers.is_any_kept_back(db, session.number("consultation")),
    )


def one_text(db: Db, _door: Door, session: Session) -> OneText:
    name, about, writer = _question(db, session), session.number("consultation"), session.number("writer")
    words = answers.text(db, writer, about, name) if name else None
    if name is None or words is None:
        return OneText(None)
    return OneText(words, name, quotes.consent_of(db, writer, about, name))


def _question(db: Db, session: Session) -> str | None:
    """The name of the session's question, if its answers are texts."""
    about = consultation(db, session.number("consultation"))
    asked = answerable_questions(about.form) if about else ()
    place = session.number("question")
    return asked[place].name if place < len(asked) and shape_of(asked[place]) is Shape.TEXT else None


def note_reading(db: Db, door: Door, effect: ReadAnswers) -> None:
    audit_log.note(db, door.person.id, "read what people wrote", f"consultation {effect.consultation}")


def note_export(db: Db, door: Door, effect: ExportAnswers) -> None:
    audit_log.note(db, door.person.id, "exported answers", f"consultation {effect.consultation}")


HANDLERS: Handlers = {
    ReadAnswers: EffectHandler(note_reading, right=Rights.READ_ANSWERS),
    ExportAnswers: EffectHandler(note_export, right=Rights.READ_ANSWERS),
}
FACTS: Loaders = {ConsultationCounts: counts, TextAnswers: texts_page, OneText: one_text}
