"""Finds what could lead to one person in a text that many will read: numbers, addresses, names, dates of birth.

It prefers asking once too often about a certain form (a number, an e-mail address) and missing an uncertain one (a word with a
capital letter). `docs/decisions/0039-published-by-mistake.md` says why the lists are our own.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from conversations.core.personal.first_names import FIRST_NAMES
from conversations.core.record import Private, Record

PersonalKind = Literal["phone", "email", "link", "handle", "postcode", "street", "birth", "number", "name"]


class Personal(Record):
    """One personal thing in a text, as it is written there."""

    kind: PersonalKind
    found: Private[str]


_WORD = r"[^\W\d_]"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ]"
_CAPITALISED = rf"{_CAPITAL}{_WORD}*(?:['’\-]{_WORD}+)*"
_ROADS = (
    "street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|crescent|cres|court|ct|gardens|gdns|terrace|place|pl|"
    "way|grove|square|row|mews|walk|view|wynd|brae|rise|parade"
)
_ROAD = rf"(?:{_CAPITALISED} ){{1,3}}(?:{_ROADS})\b"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|"
    "listopada|grudnia"
)
_DATE = rf"(?:\d{{1,2}}[./\-]\d{{1,2}}[./\-]\d{{2,4}}|\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})(?:,? \d{{4}})?)"
_SITES = (
    r"instagram\.com|facebook\.com|fb\.com|tiktok\.com|snapchat\.com|twitter\.com|x\.com|linkedin\.com|t\.me|wa\.me|"
    r"youtube\.com|threads\.net|discord\.(?:gg|com)|twitch\.tv|bsky\.app|vk\.com|reddit\.com"
)
_APPS = (
    "snapchat|snap|instagram|insta|tik ?tok|discord|telegram|whatsapp|kik|xbox|psn|roblox|twitter|facebook"
)
_SPEAKS = "said|says|told|tells|wrote|writes|asked|asks|lives|goes|thinks|wants|explained|complained"
_NAMES = "|".join(sorted(map(re.escape, FIRST_NAMES), key=len, reverse=True))
_FIRST = rf"(?=[^\W\d_a-z])(?:(?i:{_NAMES}))(?!\w)"

# What each kind looks like. The first group is what is shown; the whole match, if there is none.
_FORMS: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    ("email", re.compile(r"(?<![\w.-])[\w.-]{1,64} ?[(\[]?\b(?:at|@)\b[)\]]? ?[\w-]+ ?(?:[(\[]dot[)\]]| dot ) ?(?:com|net|org|co|uk|scot)\b", re.IGNORECASE)),
    ("link", re.compile(rf"\b(?:{_SITES})/@?[\w.%/?=&-]+", re.IGNORECASE)),
    ("handle", re.compile(r"(?<![\w@./])(@[A-Za-z0-9_](?:[\w.]*\w)?\w)")),
    ("handle", re.compile(rf"\b(?:{_APPS})(?: (?:name|handle|user ?name|account|id))?(?: is |: ?| ?- | @)([\w.]{{0,30}}[\d_.][\w.]{{0,30}}\w)", re.IGNORECASE)),
    ("phone", re.compile(r"(?<![\w.,/+\-])((?:\+|00 ?)[1-9]\d{0,2}(?:[ .()/\-]{0,2}\d){7,12})(?![\w%])")),
    ("phone", re.compile(r"(?<![\w.,/+\-])(\(?0(?:[ .()\-]{0,2}\d){9,10})(?![\w%])")),
    ("phone", re.compile(r"\b(?:tel|phone|mobile|mob|call|ring|text|whatsapp|telefon|numer)\b[^\d\n]{0,12}(\d(?:[ \-]?\d){5,11})(?!\d)", re.IGNORECASE)),
    ("postcode", re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b")),
    ("postcode", re.compile(r"\b([a-z]{1,2}\d[a-z\d]? ?\d(?!st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{2})\b")),
    ("postcode", re.compile(rf"(?<![\d-])(\d\d-\d{{3}}) {_CAPITAL}")),
    ("street", re.compile(rf"\b((?:flat|unit|apartment|apt) ?\d+[A-Za-z]?(?:[,/ ]+\d+[A-Za-z]?)?(?:,? {_ROAD})?)", re.IGNORECASE)),
    ("street", re.compile(rf"(?<![\d.])(\d{{1,4}}[A-Za-z]?,? (?:(?:{_CAPITALISED}) ){{1,3}}(?i:{_ROADS}))\b")),
    ("street", re.compile(rf"\b(?i:lives?|living|lived|stays?|staying|home|address|house|door)\b[^.!?\nA-Z]{{0,24}}\b((?:{_CAPITALISED} ){{1,3}}(?i:{_ROADS}))\b")),
    ("street", re.compile(rf"\b((?i:ul\.|ulic[ay]|al\.|os\.) ?(?:{_CAPITALISED} ?){{1,3}}\d+[A-Za-z]?(?:/\d+)?)")),
    ("street", re.compile(r"(شارع [^\d\n.،]{2,30} ?\d+|(?<!\d)\d{1,5} ?شارع \w+)")),
    ("birth", re.compile(rf"(?:\b(?:born|birth(?:day)?|d\.?o\.?b\.?|urodz\w+|ur\.)|مواليد|تاريخ الميلاد|ولدت?)\W{{0,3}}(?:on |date |is |was |w dniu |dnia |في |:)*({_DATE})", re.IGNORECASE)),
    ("number", re.compile(r"\b([A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])\b")),
    ("number", re.compile(r"\b(?:NHS|CHI|PESEL)\b\D{0,12}(\d[\d -]{8,12}\d)")),
    ("name", re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Cllr|Councillor|Rev|[Pp]ani?)\.? ({_CAPITALISED}(?: {_CAPITALISED})?)")),
    ("name", re.compile(rf"\b(?i:called|named|name is|name['’]s|na imię|nazywa się|imieniem)[ :]+(?!(?:The|A)\b)({_CAPITALISED}(?: {_CAPITALISED})?)(?! (?i:{_ROADS}|park|school|hub|centre|club|hall|project|council)\b)")),
    ("name", re.compile(r"(?:السيدة?|الأستاذة?|اسمه|اسمها|اسمي|تدعى|يدعى) (\w+(?: \w+)?)")),
    ("name", re.compile(rf"\b({_FIRST} (?:Mc|Mac|O['’])?{_CAPITALISED})(?! (?i:{_ROADS}|park|school|hub|centre|club|hall|house|library|bridge|academy|college|primary|high)\b)")),
    ("name", re.compile(rf"\b({_FIRST})(?:['’]s\b|,? \(?(?:aged? )?\d{{1,2}}\b(?![:.,]?\d)|,? (?:{_SPEAKS})\b)")),
    ("name", re.compile(rf"(?<![.!?] )(?<!^)\b(?!The |Our |Your |This |Young |North |South |East |West |City )({_CAPITALISED} {_CAPITALISED})(?:,? \(?(?:aged? )?\d{{1,2}}\)|,? (?:{_SPEAKS})\b)")),
    ("name", re.compile(rf"\b(?:by|with|from|to|like|about|and|friend|brother|sister|son|daughter|teacher|worker|pupil),? ({_FIRST})(?! (?i:{_ROADS}|park|school)\b)")),
)  # fmt: skip
# A street without a number is only telling beside something else, and so many of our consultations are about a street.
_ANY_ROAD = re.compile(rf"\b((?:{_CAPITALISED} ){{1,3}}(?i:{_ROADS}))\b")
# Numbers that many share: free and shared-cost lines, short codes.
_SHARED = re.compile(r"(?:\+44|0044|0)(?:80[08]|3\d\d|84\d|87\d)")
_NO_NAME = frozenset(
    [
        "council",
        "street",
        "road",
        "park",
        "school",
        "university",
        "hospital",
        "library",
        "hub",
        "club",
        "team",
        "group",
        "youth",
    ]
)


def find_personal(text: str, ours: str = "") -> tuple[Personal, ...]:
    """The personal things in a text, each once, in the order of their places. What stands in `ours`, the team's own public
    contact, is none.
    """
    plain = _plain(text)
    found = {(start, one.kind): one for start, one in _overlapping(plain) if not _is_public(one, ours)}
    if found:
        roads = ((match.start(1), Personal("street", match[1])) for match in _ANY_ROAD.finditer(plain))
        known = [one.found for one in found.values()]
        found |= {(at, "street"): one for at, one in roads if not any(one.found in text for text in known)}
    return tuple(dict.fromkeys(found[key] for key in sorted(found)))


def _overlapping(plain: str) -> Iterator[tuple[int, Personal]]:
    """Each personal thing with its place. A form that comes first takes the letters of the later ones."""
    taken: list[range] = []
    for kind, form in _FORMS:
        for match in form.finditer(plain):
            group = 1 if form.groups and match[1] else 0
            start, end = match.span(group)
            if not any(start < each.stop and each.start < end for each in taken):
                taken.append(range(start, end))
                yield start, Personal(kind, match[group].strip(" ,-"))


def _is_public(one: Personal, ours: str) -> bool:
    if one.found.casefold() in ours.casefold():
        return True
    if one.kind == "phone":
        return bool(_SHARED.match(re.sub(r"[^\d+]", "", one.found)))
    return one.kind == "name" and not _NO_NAME.isdisjoint(one.found.casefold().split())


def _plain(text: str) -> str:
    """The text in the usual letters and digits, without what is not seen."""
    seen = (letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter
        for letter in seen
    )
