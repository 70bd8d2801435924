"""Who can help: the helplines, their lines of text, and the buttons that reach them."""

from collections.abc import Sequence

from conversations.core.channels import Channel
from conversations.core.config import Rules
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.messages import Link, Row, Say
from conversations.core.person import BANDS, Band
from conversations.core.record import Record


class Helpline(Record):
    """A helpline: whom to call, whom to text and with which word first, the address of a chat; empty where there is
    none. `sentence` is its line in a text.
    """

    name: str
    sentence: str
    bands: tuple[Band, ...]
    number: str = ""
    text_number: str = ""
    text_word: str = ""
    chat: str = ""

    def line(self, _: Words) -> str:
        """Its line in a text."""
        return _(self.sentence, number=self.number or self.text_number)


# In display order. People whose age is "unsaid", or not asked yet, see all lines for any age.
_UNDER_18: tuple[Band, ...] = ("under10", "10-12", "13-15", "16-17")
EMERGENCY = Helpline("999", N_("· In danger now: call {number}."), BANDS, number="999")
CHILDLINE = Helpline(
    "Childline",
    N_("· Childline: {number}, free, any time, any age up to 18."),
    (*_UNDER_18, "18-25", "unsaid"),
    number="0800 1111",
    chat="https://www.childline.org.uk/get-support/1-2-1-counsellor-chat/",
)
SHOUT = Helpline(
    "Shout",
    N_("· Text SHOUT to {number}, free, any time."),
    BANDS,
    text_number="85258",
    text_word="SHOUT",
)
SAMARITANS = Helpline(
    "Samaritans",
    N_("· Samaritans: {number}, free, any time, any age."),
    ("18-25", "26plus", "unsaid"),
    number="116 123",
)
DEFAULTS = (EMERGENCY, CHILDLINE, SHOUT, SAMARITANS)


class Helplines(Record):
    """The team's helplines, in display order."""

    lines: tuple[Helpline, ...] = DEFAULTS

    def for_band(self, band: Band | None) -> tuple[Helpline, ...]:
        """The helplines for an age band. None means that the age has not been asked yet."""
        return tuple(line for line in self.lines if (band or "unsaid") in line.bands)


def helplines_for(facts: Facts) -> tuple[Helpline, ...]:
    """The helplines for somebody of this person's age."""
    return facts[Helplines].for_band(facts.person.band)


def helpline_lines(facts: Facts) -> tuple[str, ...]:
    """The lines of the helplines for this person."""
    return tuple(line.line(facts.words) for line in helplines_for(facts))


def say_with_help(text: str, facts: Facts, *rows: Row, heading: str = "") -> Say:
    """A message with the lines of this person's helplines in its text, and the buttons that reach them above `rows`."""
    links = help_links(helplines_for(facts), facts.words, facts.channel, facts.rules)
    return Say(text, heading=heading, rows=(*((link,) for link in links), *rows))


def help_links(helplines: Sequence[Helpline], _: Words, channel: Channel, rules: Rules) -> tuple[Link, ...]:
    """The buttons that reach the helplines: calls and texts in their order, then chats. A channel that cannot start a
    call gets links to our page, where the same buttons can. None if a phone could not open that page.
    """
    links = (*(link for line in helplines for link in _spoken(line, _)), *_chats(helplines, _))
    if channel.dials:
        return links
    return tuple(_by_page(link, _, rules) for link in links) if rules.is_public else ()


def _spoken(line: Helpline, _: Words) -> tuple[Link, ...]:
    links = []
    if line.number:
        links.append(Link(_("Call {name}", name=line.name), f"tel:{_dialled(line.number)}", line.line(_)))
    if line.text_number:
        # iOS expects "&" before the body, Android "?": both understand "?&".
        body = f"?&body={line.text_word}" if line.text_word else ""
        label = _("Text {name}", name=line.text_word or line.name)
        links.append(Link(label, f"sms:{_dialled(line.text_number)}{body}", line.line(_)))
    return tuple(links)


def _chats(helplines: Sequence[Helpline], _: Words) -> tuple[Link, ...]:
    return tuple(
        Link(_("Chat online: {name}", name=line.name), line.chat, line.line(_))
        for line in helplines
        if line.chat
    )


def _by_page(link: Link, _: Words, rules: Rules) -> Link:
    """The link through our page, in the reader's language and version."""
    if link.address.startswith("https://"):
        return link
    return Link(link.label, f"{rules.help_address(_.language, _.version)}#{link.anchor}", link.line)


def _dialled(number: str) -> str:
    return number.replace(" ", "")
