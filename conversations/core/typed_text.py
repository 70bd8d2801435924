"""What somebody wrote: a command, a plain "help", or words."""

import re
from collections.abc import Container
from unicodedata import normalize

from conversations.core.events import Asked, Chose, Edited, Event, Said, Sent

# An invite's token, or a poster's code. Anything shorter than a token may be somebody's own words: "i_want_to…".
_LINK = re.compile(r"i_[\w-]{20,}|j_[\w-]+", re.ASCII)

# A plain "help", in the languages that young people may write in.
_HELP = frozenset(
    {
        *("help", "help me", "help please", "help pls", "help plz"),
        *("pomoc", "pomocy", "pomóż", "pomoz", "pomóż mi", "pomoz mi"),
        *("مساعدة", "المساعدة", "ساعدني", "ساعدوني", "النجدة"),
        *("مدد", "میری مدد کریں", "یارمەتی", "ਮਦਦ", "મદદ"),
        *("pagalba", "padėkite", "допомога", "допоможіть", "ajuda", "socorro", "ajutor"),
    }
)
_LONGEST = 40  # letters; anything longer says more
_SIGNS = re.compile(r"[^\w\s]|_", re.UNICODE)


def is_plain_help(text: str) -> bool:
    """Whether somebody wrote only "help", however they wrote it. It brings help, and tells nobody."""
    if len(text) > _LONGEST:
        return False
    words = _SIGNS.sub(" ", normalize("NFKC", text).casefold()).split()
    return " ".join(words) in _HELP


def command_in(event: Event) -> Asked | None:
    """The command in an event, typed or from a button. A command button ("/changed") never goes stale. A plain "help"
    is one, wherever it is written.
    """
    match event:
        case Asked():
            return event
        case Chose(_, key) if key.startswith("/"):
            command, _, argument = key[1:].partition(" ")
            return Asked(command, argument)
        case Said(text) | Edited(text) | Sent(_, text, None, "") if is_plain_help(text):
            return Asked("help")
    return None


def typed_text(event: Event, commands: Container[str]) -> str:
    """All that somebody wrote, but for commands. An unknown command counts as words: "/i want to…". The argument of a
    link does not, because nobody wrote it: an invite's letters are random, and a poster's are its form's name.
    """
    match command_in(event) or event:
        case Said(text, quoted=quoted):
            return "\n".join(filter(None, (quoted, text)))
        case Edited(text):
            return text
        case Sent(_, caption, _, name):
            return "\n".join(filter(None, (caption, name)))
        case Asked("start", argument) if _LINK.fullmatch(argument):
            return ""
        case Asked(command, argument):
            return argument if command in commands else f"{command} {argument}"
    return ""
