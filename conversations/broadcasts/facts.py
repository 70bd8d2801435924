"""Facts for the steps about broadcasts."""

from datetime import datetime

from conversations.broadcasts.progress import Progress
from conversations.core.record import record


@record
class DeliveryReport:
    """A broadcast, when it began, and its delivery progress."""

    id: int
    at: datetime
    progress: Progress


@record
class AllBroadcasts:
    """The ids of all broadcasts, newest first, and one page of them in full."""

    ids: tuple[int, ...]
    page: tuple[DeliveryReport, ...] = ()


@record
class OneBroadcast:
    """The broadcast that the session's note `broadcast` names; None if it is gone."""

    told: DeliveryReport | None
