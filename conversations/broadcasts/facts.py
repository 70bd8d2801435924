"""What the steps about what was told to many know."""

from datetime import datetime

from conversations.broadcasts.progress import Progress
from conversations.core.record import record


@record
class DeliveryReport:
    """Something told to many: since when, and how far it is."""

    id: int
    at: datetime
    progress: Progress


@record
class AllBroadcasts:
    """What was told to many, the newest first: every id, and those of the page in full."""

    ids: tuple[int, ...]
    page: tuple[DeliveryReport, ...] = ()


@record
class OneBroadcast:
    """What the session's note `broadcast` names; None where it is gone."""

    told: DeliveryReport | None
