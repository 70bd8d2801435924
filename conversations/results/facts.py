"""What the steps about results know."""

from datetime import datetime
from typing import Literal

from conversations.consultations.consultation import Consultation
from conversations.consultations.form import Texts
from conversations.core.i18n import N_
from conversations.core.record import record
from conversations.results.counting import Tally

QuoteConsent = Literal["asked", "yes", "no"]

A_PAGE_OF_TEXTS = 5
QUOTE_MOST = 300  # letters of somebody's sentence

TEXT_GONE = N_("That text isn't there any more.")
ASKED_ALREADY = N_("They have been asked about this sentence already. Nobody is asked twice.")
NOT_REACHED = N_("Whoever wrote it can't be reached now.")


@record
class Counts:
    """What came back of the consultation that the note `consultation` names; `about` is None where it is gone. Who sees
    true counts has those of the question that the note `question` names, and of no other. `at` is when it was
    counted, where that was a while ago.
    """

    about: Consultation | None
    people: int = 0
    tallies: tuple[Tally, ...] = ()
    at: datetime | None = None


@record
class Sentence:
    """One's own sentence that the team asked about; `yes` where it may be quoted now."""

    id: int
    words: str
    title: Texts
    yes: bool = False
    language: str = "en"


@record
class OneSentence:
    """The sentence that the session's note `quote` names; None where it was changed or deleted, or is not theirs."""

    sentence: Sentence | None


@record
class MyQuotes:
    """The sentences that somebody said yes to, and that hold."""

    sentences: tuple[Sentence, ...]


@record
class Written:
    """One page of what people wrote to one question, and how many wrote; `first` is the place of the first.
    `writers` are who wrote each: only so that one of them can be asked; nobody is shown them.
    """

    texts: tuple[str, ...]
    total: int
    first: int = 0
    writers: tuple[int, ...] = ()


@record
class OneText:
    """What the writer in the session's notes wrote: None where it is gone. `asked` says whether they were asked to
    be quoted with it, and what they said; `question` is the question's name.
    """

    words: str | None
    question: str = ""
    asked: QuoteConsent | None = None
