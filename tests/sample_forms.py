"""Sample data for tests: a form with every question kind, and an outcome."""

from datetime import date

from sqlalchemy import insert, update

from conversations.consultations.form import Form, Option, Question, Texts
from conversations.outcomes.outcome import PART_TEXTS, Part, Subject
from storage.core.unit_of_work import Db, new_id
from storage.outcomes import subjects
from storage.outcomes import tags as outcome_tags
from storage.outcomes.outcomes import seal
from storage.tables import outcomes, parts


def texts(en: str, pl: str = "", **more: str) -> dict[str, str]:
    return {"en": en, "pl": pl or f"{en} (po polsku)", **more}


KINDS = Form(
    code="kinds",
    title=texts("The new youth hub"),
    about=texts("We are planning a place for young people in the old library."),
    decision_maker=texts("the council's youth committee"),
    questions=(
        Question("hello", "note", texts("The hub opens next year. First we want to know what it should be.")),
        Question("ready", "acknowledge", texts("Nothing is decided yet. Is that OK?"), required=True),
        Question(
            "visit",
            "select_one",
            texts("How often would you come?"),
            required=True,
            options=(
                Option("weekly", texts("Once or more every week")),
                Option("sometimes", texts("Now and then, when something is on")),
                Option("never", texts("Never")),
            ),
        ),
        Question(
            "never_why",
            "text",
            texts("What would make you come?"),
            relevant=("${visit} = 'never'",),
        ),
        Question(
            "rooms",
            "select_multiple",
            texts("Which rooms should it have?"),
            required=True,
            relevant=("${visit} != 'never'",),
            constraint="count-selected(.) <= 2",
            constraint_message=texts("Choose two at most."),
            options=(
                Option("music", texts("Music room")),
                Option("kitchen", texts("Kitchen")),
                Option("quiet", texts("Quiet room")),
                Option("sport", texts("Sports hall")),
            ),
        ),
        Question("warm", "range", texts("How welcome should it feel?"), start=0, end=10),
        Question("walk", "range", texts("How many minutes would you walk to it?"), start=0, end=60),
        Question(
            "friends",
            "integer",
            texts("How many friends would you bring?"),
            texts("A guess is fine."),
            constraint=". >= 0 and . <= 20",
            constraint_message=texts("Between 0 and 20, please."),
        ),
        Question("else", "text", texts("Anything else?")),
    ),
)

PARTS = (
    Part(
        you_said={"en": "14 of 22 of you don't feel safe waiting at the stop on London Road"},
        we_heard={"en": "it's the dark, not the bus"},
        decision="will",
        what={"en": "put two lamps at the stop"},
        owner={"en": "Highways"},
        due=date(2027, 3, 31),
    ),
    Part(
        you_said={"en": "The 16 should run later."},
        we_heard={"en": "you can't get home from a club that ends at nine"},
        decision="cant",
        what={"en": "run the 16 later than 21:00"},
        because={
            "en": "There are four people on it after 20:30. The same money keeps the Saturday bus going."
        },
    ),
)


def publish(
    db: Db,
    consultation: int,
    number: int,
    state: str = "published",
    said: tuple[Part, ...] = PARTS,
    who: Texts | None = None,
) -> None:
    """An outcome with these parts, as if it had been published just now."""
    texts = {"who": dict(who or {"en": "the councillor for transport"})}
    values = {"consultation_id": consultation, "state": state, "language": "en", "made_at": db.now}
    values |= {"published_at": db.now, "sealed": seal(db, "outcomes", number, texts)}
    db.run(insert(outcomes).values(id=number, **values))
    about = subjects.about(db, Subject("consultation", consultation))
    if about and state == "published":
        outcome_tags.file(db, number, about)
    for place, part in enumerate(said):
        row = {"outcome_id": number, "place": place, "decision": part.decision, "due": part.due}
        new = new_id(db.run(insert(parts).values(**row, question=part.question or "")))
        words = {name: dict(part.text(name)) for name in PART_TEXTS if part.text(name)}
        db.run(update(parts).where(parts.c.id == new).values(sealed=seal(db, "parts", new, words)))
