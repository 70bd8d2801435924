"""Facts about one person, from every subject."""

from datetime import datetime

from conversations.consultations.form import Answers, Form
from conversations.core.channels import Channel
from conversations.core.record import Record
from conversations.followup.facts import SaidAfter
from conversations.issues.issue import Issue
from conversations.safeguarding.casework.entries import CaseEntry


class MyAnswers(Record):
    """A person's answers to one consultation, by the form's own names."""

    form: Form
    answers: Answers


class MyData(Record):
    """Everything that Heard stores about one person. `channels` are those they use. `answers` holds their answers,
    `raised` their issues with threads, and their unsent draft. `cases` are their open cases. `typed` is what they did
    and wrote that their page still shows. `called` is their name in the team, `quoted` the sentences that may be
    quoted, and `after` their responses to outcomes and promises. `case_thread` is what they and a helper wrote to each other.
    `besides` is what they typed where nothing was asked, as far as it is kept.
    """

    since: datetime
    channels: tuple[Channel, ...]
    ways: frozenset[str]
    answers: tuple[MyAnswers, ...]
    cases: tuple[int, ...]
    typed: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    after: tuple[SaidAfter, ...] = ()
    called: str = ""
    raised: tuple[Issue, ...] = ()
    case_thread: tuple[CaseEntry, ...] = ()
    besides: tuple[str, ...] = ()
