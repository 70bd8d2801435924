"""Every column that is sealed with the data key, as its subject declares it: what a change of keys must go through.

A test fails on a column of bytes that is not among them.
"""

from storage.consultations import answers
from storage.core.sealing import SealedColumns
from storage.followup import responses as revisiting
from storage.followup import verdicts as judging
from storage.issues import issues
from storage.issues import threads as issue_threads
from storage.outbox import outbox
from storage.outcomes import history as since
from storage.outcomes import outcomes, pictures
from storage.outcomes import status as standings
from storage.people import people
from storage.safeguarding import cases
from storage.security import audit_log as audit
from storage.security import key_checks as seals
from storage.team import members as team

SEALED: SealedColumns = (
    *people.SEALED,
    *team.SEALED,
    *answers.SEALED,
    *outbox.SEALED,
    *outcomes.SEALED,
    *since.SEALED,
    *pictures.SEALED,
    *issues.SEALED,
    *issue_threads.SEALED,
    *standings.SEALED,
    *revisiting.SEALED,
    *judging.SEALED,
    *cases.SEALED,
    *audit.SEALED,
    *seals.SEALED,
)
