"""Facts for the steps about broadcasts."""

from datetime import datetime

from conversations.broadcasts.progress import Progress
from conversations.core.record import Record


class DeliveryReport(Record):
    """A broadcast, when it began, and its delivery progress."""

    id: int
    at: datetime
    progress: Progress


class AllBroadcasts(Record):
    """The ids of all broadcasts, newest first, and one page of them in full."""

    ids: tuple[int, ...]
    page: tuple[DeliveryReport, ...] = ()


class OneBroadcast(Record):
    """The broadcast that the session's note `broadcast` names; None if it is gone."""

    report: DeliveryReport | None
