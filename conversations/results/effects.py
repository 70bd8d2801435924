"""Effects on results: log reading and exports, and ask for consent to quote."""

from conversations.core.effects import Effect


class ReadAnswers(Effect):
    """Logs that somebody begins to read what people wrote."""

    consultation: int


class ExportAnswers(Effect):
    """Logs that somebody exports all answers as a file."""

    consultation: int


class AskToQuote(Effect):
    """Asks a person whether what they wrote to one question may be quoted. Never twice for the same sentence."""

    consultation: int
    question: str
    person: int


class AnswerQuote(Effect):
    """The person's answer to that; they can change it at any time."""

    quote: int
    yes: bool
