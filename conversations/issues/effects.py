"""Effects on issues: young people write and send them; staff answer, postpone, merge and close them."""

from datetime import date

from conversations.core.effects import Effect, ForMany, WritesText


class WriteIssue(WritesText):
    """Updates the person's draft; None leaves a field unchanged. Everybody has at most one draft."""

    theme: str | None = None
    area: str | None = None
    words: str | None = None


class DropIssue(Effect):
    """Erases the person's own draft."""


class SendIssue(Effect):
    """Sends the draft to the team. On the web page, sets fresh["return_code"] for people who have none.

    Raises Refused if the draft is incomplete, or too many of the person's issues are waiting.
    """


class AddToIssue(WritesText):
    """Adds words from the person who raised it. An answered issue waits for the team again."""

    issue: int
    words: str


class EndIssue(Effect):
    """The person who raised it no longer needs an answer."""

    issue: int


class TakeBackIssue(Effect):
    """Deletes something that the person raised, with its thread, wherever it stands. Refused if it is gone."""

    issue: int


class ReadIssue(Effect):
    """Logs that a worker opened an issue."""

    issue: int


class AnswerIssue(ForMany):
    issue: int
    words: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.words,)


class AskBack(Effect):
    """Asks the person who raised it a question."""

    issue: int
    words: str


class CloseIssue(ForMany):
    """Closes it without an answer, and sends the person the reason."""

    issue: int
    reason: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.reason,)


class MoveIssue(ForMany):
    """Postpones the answer, and sends the person the reason."""

    issue: int
    day: date
    reason: str

    @property
    def read_by_many(self) -> tuple[str, ...]:
        return (self.reason,)


class MergeIssue(Effect):
    """Makes it part of a consultation, whose outcome then reaches the person too."""

    issue: int
    consultation: int
