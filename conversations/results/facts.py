"""Facts for the steps about results."""

from datetime import datetime
from typing import Literal

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Texts
from conversations.core.i18n import N_
from conversations.core.record import Record
from conversations.results.counting import Tally

QuoteConsent = Literal["asked", "yes", "no"]

A_PAGE_OF_TEXTS = 5
QUOTE_MOST = 300  # letters of somebody's sentence

TEXT_GONE = N_("That text isn't there any more.")
ASKED_ALREADY = N_("They have been asked about this sentence already. Nobody is asked twice.")
WRITER_UNREACHABLE = N_("Whoever wrote it can't be reached now.")


class ConsultationCounts(Record):
    """The counts of the consultation that the note `consultation` names; `about` is None if it is gone. People who see
    true counts get only those of the question that the note `question` names. `at` is the time of counting, if that
    was a while ago. `with_lead`: an open case keeps a text from the team.
    """

    about: Consultation | None
    people: int = 0
    tallies: tuple[Tally, ...] = ()
    at: datetime | None = None
    with_lead: bool = False


class Sentence(Record):
    """The person's own sentence that the team wants to quote; `yes` says that they agree."""

    id: int
    words: str
    title: Texts
    yes: bool = False
    language: str = "en"


class OneSentence(Record):
    """The sentence that the session's note `quote` names; None if it was changed or deleted, or is not theirs."""

    sentence: Sentence | None


class MyQuotes(Record):
    """The sentences that this person has agreed to have quoted, and whose consent still holds."""

    sentences: tuple[Sentence, ...]


class TextAnswers(Record):
    """One page of the texts that people wrote to one question, and how many there are; `first` is the place of the
    first. `writers` holds the writer of each, only to ask one of them for a quote; nobody sees it. `with_lead`: an open case
    keeps a text of this consultation from the team.
    """

    texts: tuple[str, ...]
    total: int
    first: int = 0
    writers: tuple[int, ...] = ()
    with_lead: bool = False


class OneText(Record):
    """The text of the writer in the session's notes; None if it is gone. `asked` says whether they were asked for a
    quote, and their reply; `question` is the question's name.
    """

    words: str | None
    question: str = ""
    asked: QuoteConsent | None = None
