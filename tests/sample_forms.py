"""What tests need to talk about: a form with every kind of question, and what came of one."""

from dataclasses import asdict
from datetime import date

from sqlalchemy import insert

from conversations.effects import Part
from conversations.forms import Form, Option, Question
from storage.db import Db
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
        "14 of 22 of you don't feel safe waiting at the stop on London Road",
        "it's the dark, not the bus",
        "will",
        "put two lamps at the stop",
        owner="Highways",
        due=date(2027, 3, 31),
    ),
    Part(
        "The 16 should run later.",
        "you can't get home from a club that ends at nine",
        "cant",
        "run the 16 later than 21:00",
        because="There are four people on it after 20:30. The same money keeps the Saturday bus going.",
    ),
)


def publish(db: Db, consultation: int, number: int, state: str = "published") -> None:
    """An outcome with these parts, as if it had been published just now."""
    values = {"consultation_id": consultation, "state": state, "who": "the councillor for transport"}
    db.run(insert(outcomes).values(id=number, made_at=db.now, published_at=db.now, **values))
    db.run(
        insert(parts), [{"outcome_id": number, "place": n, **asdict(part)} for n, part in enumerate(PARTS)]
    )
