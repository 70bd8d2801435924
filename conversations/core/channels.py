"""The channels that people use to talk to Heard, one record of capabilities each. To add one, write a record here and a
folder in `handlers/`, and open it in `bot/app.py` (decision 24).
"""

from datetime import timedelta

from conversations.core.i18n import N_
from conversations.core.record import Record


class Channel(Record):
    """The capabilities of a channel, so that the rest of Heard need not ask which channel it is.

    `name` never changes: each address and message stores it, and metrics and logs show it. Operators read `label`;
    `called` is its name within a sentence. `where` says that somebody used it. `way_in` tells staff who are signed in
    there how to sign in elsewhere.
    """

    name: str
    label: str
    called: str
    where: str
    way_in: str

    # A courier sends messages within the rate limit and outside quiet hours. Otherwise they wait until somebody looks.
    pushes: bool = False
    # A new message can replace one already sent.
    edits: bool = False
    # Heard stores the conversation and shows it.
    keeps_history: bool = False
    # People type into a field, which can be filled with earlier text to edit.
    fills_fields: bool = False
    # A link may start a call or a text message.
    dials: bool = False
    # A return code brings people back to their answers.
    return_codes: bool = False
    # How long staff stay signed in, whatever they do; None: as long as they use it.
    sign_in: timedelta | None = None
    # After how long without a turn staff's rights end; and after how long a door is closed.
    rights_rest: timedelta | None = None
    closes_unused: timedelta | None = None

    # The minimum age in years, unless the team sets another. Then what younger people see, with our page within reach
    # and without it.
    minimum_age: int = 0
    too_young: str = ""
    too_young_offline: str = ""

    # The link that starts a chat with our `account`, with an `argument` for /start. Then what an invite, and what a
    # signed-out page, says about this channel.
    start_link: str = ""
    invite: str = ""
    stays_signed_in: str = ""

    # Says that the provider keeps a copy of the chat; more about that on /privacy; and to somebody who deletes everything.
    keeps_copy: str = ""
    copy_abroad: str = ""
    copy_stays: str = ""


TELEGRAM = Channel(
    "telegram",
    "Telegram",
    "Telegram",
    where=N_("On Telegram."),
    way_in=N_("· In Telegram, send /team and choose “My other door”. It gives you a link."),
    pushes=True,
    edits=True,
    rights_rest=timedelta(days=30),
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
    copy_abroad=N_(
        "· If you use Telegram: it keeps its own copy of the chat, outside the UK too, under its own rules."
    ),
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
    dials=True,
    return_codes=True,
    sign_in=timedelta(hours=12),
    closes_unused=timedelta(days=90),
)

CHANNELS = (TELEGRAM, WEB)
BY_NAME = {channel.name: channel for channel in CHANNELS}

# Stored channel names by capability, for use in queries.
PUSHING = tuple(channel.name for channel in CHANNELS if channel.pushes)
STAYING_SIGNED_IN = tuple(channel.name for channel in CHANNELS if channel.sign_in is None)
KEEPING_HISTORY = tuple(channel.name for channel in CHANNELS if channel.keeps_history)
