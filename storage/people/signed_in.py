"""Where staff are signed in: until a moment, or as long as they use a channel that keeps them signed in."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

from conversations.core.channels import CHANNELS, Channel
from storage.tables import doors

SHARED_FOR = timedelta(minutes=15)


def is_signed_in(channel: Channel, until: datetime | None, now: datetime) -> bool:
    """Whether staff at a door have their rights. Without a moment in `until` they have them where the channel keeps them
    signed in.
    """
    return channel.sign_in is None if until is None else until > now


def has_rested(channel: Channel, used_at: datetime, now: datetime) -> bool:
    """Whether nobody did anything at a door for so long that staff's rights there have ended."""
    return channel.rights_rest is not None and used_at <= now - channel.rights_rest


def signed_in(now: datetime) -> ColumnElement[bool]:
    """The same, of rows of `doors`."""
    staying = (_stays(channel, now) for channel in CHANNELS if channel.sign_in is None)
    return or_(doors.c.signed_in_until > now, and_(doors.c.signed_in_until.is_(None), or_(*staying)))


def _stays(channel: Channel, now: datetime) -> ColumnElement[bool]:
    there = doors.c.kind == channel.name
    return and_(there, doors.c.used_at > now - channel.rights_rest) if channel.rights_rest else there


def is_over(channel: Channel, used_at: datetime, now: datetime, *, shared: bool) -> bool:
    """Whether a door is closed, because nobody used it for too long."""
    most = SHARED_FOR if shared else channel.closes_unused
    return most is not None and used_at < now - most


def over(now: datetime) -> ColumnElement[bool]:
    """The same, of rows of `doors`."""
    unused = (
        and_(doors.c.kind == channel.name, doors.c.used_at < now - channel.closes_unused)
        for channel in CHANNELS
        if channel.closes_unused
    )
    return or_(and_(doors.c.shared, doors.c.used_at < now - SHARED_FOR), *unused)
