"""Who can help: the helplines, their lines of text, and the buttons that reach them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from conversations.core.channels import Channel
from conversations.core.config import Rules
from conversations.core.facts import Facts
from conversations.core.i18n import N_, Words
from conversations.core.messages import Link, Row, Say
from conversations.core.person import BANDS, Band
from conversations.core.record import Record, field

CHECK_AGAIN_BY = date(2027, 5, 22)  # of the helplines that Heard comes with, last checked on 22 November 2026
REVIEW_EVERY = timedelta(days=182)


class Helpline(Record):
    """A helpline: whom to call, whom to text and with which word first, the address of a chat; empty where there is
    none. `key` never changes. `words` are the team's own, by language. Without a band, nobody sees it yet.
    """

    key: str
    name: str
    bands: tuple[Band, ...] = ()
    number: str = ""
    text_number: str = ""
    text_word: str = ""
    chat: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    review_on: date = CHECK_AGAIN_BY

    @property
    def can_be_reached(self) -> bool:
        return bool(self.number or self.text_number or self.chat)

    def line(self, _: Words) -> str:
        """Its line in a text: Heard's own sentence, which is in every language, as long as it fits; else the ways to
        reach it and the team's words, in this language if there are any.
        """
        if self._fits_own_sentence:
            return _(_SENTENCES[self.key], number=self.number or self.text_number)
        how = _("· {name}: {ways}.", name=self.name, ways=self._ways(_))
        words = self.words.get(_.language) or next(iter(self.words.values()), "")
        return f"{how} {words}".strip()

    @property
    def _fits_own_sentence(self) -> bool:
        known = next((line for line in DEFAULTS if line.key == self.key), None)
        return known is not None and not self.words and _shape(self) == _shape(known)

    def _ways(self, _: Words) -> str:
        if self.text_word and self.text_number:
            text = _("text {word} to {number}", word=self.text_word, number=self.text_number)
        else:
            text = _("text {number}", number=self.text_number) if self.text_number else ""
        if self.number and text:
            return _("{one}, or {other}", one=self.number, other=text)
        return self.number or text or _("chat online")


def _shape(line: Helpline) -> tuple[bool, bool, str]:
    """What a sentence about a helpline depends on, but for its numbers."""
    return bool(line.number), bool(line.text_number), line.text_word


_SENTENCES = {
    "999": N_("· In danger now: call {number}."),
    "childline": N_("· Childline: {number}, free, any time, any age up to 18."),
    "shout": N_("· Text SHOUT to {number}, free, any time."),
    "samaritans": N_("· Samaritans: {number}, free, any time, any age."),
}

# In display order. People whose age is "unsaid", or not asked yet, see all lines for any age.
_UNDER_18: tuple[Band, ...] = ("under10", "10-12", "13-15", "16-17")
EMERGENCY = Helpline("999", "999", BANDS, number="999")
CHILDLINE = Helpline(
    "childline",
    "Childline",
    (*_UNDER_18, "18-25", "unsaid"),
    number="0800 1111",
    chat="https://www.childline.org.uk/get-support/1-2-1-counsellor-chat/",
)
SHOUT = Helpline("shout", "Shout", BANDS, text_number="85258", text_word="SHOUT")
SAMARITANS = Helpline("samaritans", "Samaritans", ("18-25", "26plus", "unsaid"), number="116 123")
DEFAULTS = (EMERGENCY, CHILDLINE, SHOUT, SAMARITANS)


class Helplines(Record):
    """The team's helplines, in display order."""

    lines: tuple[Helpline, ...] = DEFAULTS

    def for_band(self, band: Band | None) -> tuple[Helpline, ...]:
        """The helplines for an age band. None means that the age has not been asked yet."""
        theirs = (line for line in self.lines if (band or "unsaid") in line.bands)
        return tuple(line for line in theirs if line.can_be_reached)

    def one(self, key: str) -> Helpline | None:
        return next((line for line in self.lines if line.key == key), None)

    @property
    def bands_with_999_alone(self) -> tuple[Band, ...]:
        """The age bands that have no helpline but 999. There must be none."""
        return tuple(band for band in BANDS if all(line.key == EMERGENCY.key for line in self.for_band(band)))


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
