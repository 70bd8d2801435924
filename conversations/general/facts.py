"""What hangs on one person, from every subject."""

from datetime import datetime

from conversations.consultations.form import Answers, Form
from conversations.core.channels import Channel
from conversations.core.record import record
from conversations.followup.facts import SaidAfter
from conversations.issues.issue import Issue


@record
class MyAnswers:
    """What somebody said in one consultation, by the form's own names."""

    form: Form
    answers: Answers


@record
class MyData:
    """Everything that hangs on one person. `channels` are those they come by; `raised` is what they raised,
    with its threads, and what they have not sent yet; `cases` open cases; `typed` is what a page still shows of
    what they did and wrote there, `called` their name in the team, `quoted` the sentences that may be quoted, `after`
    what they said about outcomes and promises.
    """

    since: datetime
    channels: tuple[Channel, ...]
    ways: frozenset[str]
    told: tuple[MyAnswers, ...]
    cases: tuple[int, ...]
    typed: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    after: tuple[SaidAfter, ...] = ()
    called: str = ""
    raised: tuple[Issue, ...] = ()
