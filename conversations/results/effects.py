"""What staff do with what young people said, as data: read, taken away as a file, and quoted with a yes."""

from conversations.core.effects import Effect
from conversations.core.record import record


@record
class ReadAnswers(Effect):
    """Somebody begins to read what people wrote: it is noted."""

    consultation: int


@record
class ExportAnswers(Effect):
    """Somebody takes away all answers as a file: it is noted."""

    consultation: int


@record
class AskToQuote(Effect):
    """Asks a person whether what they wrote to one question may be quoted. Never twice for the same sentence."""

    consultation: int
    question: str
    person: int


@record
class AnswerQuote(Effect):
    """Somebody's own answer to that: it may be taken back at any time."""

    quote: int
    yes: bool
