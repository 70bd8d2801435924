"""Facts about one person, from every subject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from conversations.consultations.form import Answers, Form
from conversations.core.channels import Channel
from conversations.core.record import Private, Record
from conversations.followup.facts import SaidAfter
from conversations.issues.issue import Issue
from conversations.safeguarding.casework.entries import CaseEntry


class MyAnswers(Record):
    """A person's answers to one consultation, by the form's own names. `about` is the consultation's id."""

    about: int
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


# Why a column is withheld. machine: a number that ties rows together; key: it would open a page; safety: it belongs to a
# case; others: it says who in the team did something; log: the audit log.
Why = Literal["machine", "key", "safety", "others", "log"]


class KeptTable(Record):
    """The rows of one table that are about a person: values by column, opened, without those that are empty."""

    name: str
    rows: tuple[Private[Mapping[str, object]], ...]
    withheld: Mapping[str, Why]


class MyRows(Record):
    """All that the database holds about a person, row by row. The log of who was forgotten keeps a line for `log_days`."""

    tables: tuple[KeptTable, ...]
    log_days: int
