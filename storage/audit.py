"""What staff did, in order: who, when, and with what. Never a text, never a young person."""

from storage.db import Db
from storage.tables import audit


def note(db: Db, by: int | None, did: str, about: str = "") -> None:
    """Adds a line: `by` is a person of the team (none: the command line), `about` such as "consultation 3"."""
    db.run(audit.insert().values(at=db.now, person_id=by, did=did, about=about))
