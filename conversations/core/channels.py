"""The channels by which people and Heard talk: what each can do, in one record. A new one is a record here, a folder in
`handlers/`, and a line where `bot/app.py` opens channels (decision 24).
"""

from datetime import timedelta

from conversations.core.i18n import N_
from conversations.core.record import record


@record
class Channel:
    """What the rest of Heard asks of a channel, instead of which one it is.

    `name` is stored with each address and message, and stands in metrics and logs: it never changes. `label` is what
    operators read, `called` its name within a sentence, `where` says that somebody was there, and `way_in` tells staff who
    are signed in there how to come in elsewhere.
    """

    name: str
    label: str
    called: str
    where: str
    way_in: str

    # Messages are sent there by a courier, at a rate and outside quiet hours. Without it they wait until they are seen.
    pushes: bool = False
    # A message that was sent can be replaced by the next.
    edits: bool = False
    # We keep the conversation and show it ourselves.
    keeps_history: bool = False
    # Words are written into a field, which can hold those that are to be changed.
    fills_fields: bool = False
    # Somebody comes back to their answers by a return code.
    return_codes: bool = False
    # How long staff stay signed in; without it, always.
    sign_in: timedelta | None = None

    # The age from which people may use it, in years, where the team sets no other; and where the younger go, with our
    # page in reach and without.
    minimum_age: int = 0
    too_young: str = ""
    too_young_offline: str = ""

    # Where somebody starts at our `account` there, with an `argument` for /start; and what an invite and staff who are
    # signed out are told of it.
    start_link: str = ""
    invite: str = ""
    stays_signed_in: str = ""

    # That others keep a copy of what is said; and the same to somebody who deletes everything.
    keeps_copy: str = ""
    copy_stays: str = ""


TELEGRAM = Channel(
    "telegram",
    "Telegram",
    "Telegram",
    where=N_("On Telegram."),
    way_in=N_("· In Telegram, send /team and choose “My other door”. It gives you a link."),
    pushes=True,
    edits=True,
    minimum_age=16,
    too_young=N_(
        "Telegram is for people aged {age} or over. You can do the same on our own page, without an account."
    ),
    too_young_offline=N_(
        "Telegram is for people aged {age} or over. {team} can tell you how to take part without it: {contact}."
    ),
    start_link="https://t.me/{account}?start={argument}",
    invite=N_("· In Telegram: {address}"),
    stays_signed_in=N_("· In Telegram you stay signed in: /team, then “My other door”, lets you in there."),
    keeps_copy=N_("Telegram keeps its own copy of this chat."),
    copy_stays=N_("Telegram keeps its own copy of this chat. You can delete that in Telegram."),
)

WEB = Channel(
    "web",
    "the web page",
    N_("the web page"),
    where=N_("On the web page."),
    way_in=N_("· Where you are still signed in, send /team and choose “My other door”. It gives you a link."),
    keeps_history=True,
    fills_fields=True,
    return_codes=True,
    sign_in=timedelta(hours=12),
)

CHANNELS = (TELEGRAM, WEB)
BY_NAME = {channel.name: channel for channel in CHANNELS}

# The stored names of those that can do something: what a query compares.
PUSHING = tuple(channel.name for channel in CHANNELS if channel.pushes)
STAYING_SIGNED_IN = tuple(channel.name for channel in CHANNELS if channel.sign_in is None)
KEEPING_HISTORY = tuple(channel.name for channel in CHANNELS if channel.keeps_history)
