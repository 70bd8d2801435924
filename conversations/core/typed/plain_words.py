"""What people write alone when they mean one plain thing, by language: help, stop, yes, no. All such words are here."""

import re
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import combining, normalize

ByLanguage = Mapping[str, tuple[str, ...]]

HELP: ByLanguage = {
    "en": ("help", "help me", "help please", "help pls", "help plz"),
    "pl": ("pomoc", "pomocy", "pomóż", "pomóż mi"),
    "ar": ("مساعدة", "المساعدة", "ساعدني", "ساعدوني", "النجدة"),
    "ur": ("مدد", "میری مدد کریں"),
    "ku": ("یارمەتی",),
    "pa": ("ਮਦਦ",),
    "gu": ("મદદ",),
    "lt": ("pagalba", "padėkite"),
    "uk": ("допомога", "допоможіть"),
    "pt": ("ajuda", "socorro"),
    "ro": ("ajutor",),
}
# No more messages. A word that could as well be an answer, such as "end" or "no more", is not among them.
STOP: ByLanguage = {
    "en": (
        *("stop", "stop please", "please stop", "stop all", "stopall", "quit", "cancel"),
        *("stop messages", "stop all messages", "stop the messages", "stop sending messages"),
        *("stop sending me messages", "stop messaging", "stop messaging me", "stop texting me"),
        *("stop texting", "stop writing to me", "stop contacting me", "stop bothering me"),
        *("no more messages", "no messages", "don't message me", "dont message me", "do not message me"),
        *("don't text me", "dont text me", "don't write to me", "dont write to me"),
        *("unsubscribe", "unsubscribe me", "unsubscribe all", "un subscribe", "opt out", "optout"),
        *("leave me alone", "please leave me alone", "just leave me alone", "go away"),
    ),
    "pl": (
        *("rezygnuję", "rezygnuję z wiadomości", "wypisz", "wypisz mnie", "wypisuję się", "wypisać"),
        *("przestań", "przestańcie", "przestań pisać", "przestańcie pisać", "przestań do mnie pisać"),
        *("nie pisz", "nie pisz do mnie", "nie piszcie do mnie", "koniec wiadomości", "stop wiadomości"),
        *("zatrzymaj wiadomości", "zatrzymaj wszystkie wiadomości", "nie chcę wiadomości"),
        *("odsubskrybuj", "anuluj", "anuluj subskrypcję", "zostaw mnie", "zostawcie mnie"),
        *("zostaw mnie w spokoju", "zostawcie mnie w spokoju", "daj mi spokój", "dajcie mi spokój"),
    ),
    "ar": (
        *("إلغاء", "ألغ", "إلغاء الاشتراك", "ألغ الاشتراك", "ألغوا الاشتراك", "إلغاء اشتراكي"),
        *("توقف", "توقفوا", "قف", "إيقاف", "أوقف", "أوقفوا", "ستوب", "إيقاف الرسائل", "أوقف الرسائل"),
        *("أوقفوا الرسائل", "إيقاف كل الرسائل", "لا أريد رسائل", "لا ترسل", "لا ترسل لي", "لا ترسلوا لي"),
        *("لا تراسلني", "لا تراسلوني", "كفى رسائل", "اتركني", "اتركوني", "اتركني وشأني", "اتركوني وشأني"),
        *("دعني وشأني", "دعوني وشأني"),
    ),
    "ur": ("بند کرو", "بند کریں", "پیغامات بند کریں", "مجھے اکیلا چھوڑ دو", "رک جاؤ"),
    "ku": ("بوەستە", "وەستان", "نامە مەنێرە", "وازم لێ بێنە"),
    "pa": ("ਬੰਦ ਕਰੋ", "ਰੁਕੋ", "ਸੁਨੇਹੇ ਬੰਦ ਕਰੋ"),
    "gu": ("બંધ કરો", "સંદેશા બંધ કરો"),
    "lt": ("sustabdyti", "atsisakau", "atsisakyti", "nebesiųskite", "palik mane ramybėje"),
    "uk": ("стоп", "зупинити", "зупиніть", "відписатися", "не пишіть мені", "залиште мене в спокої"),
    "pt": ("parar", "pare", "cancelar", "parar mensagens", "deixa-me em paz", "me deixa em paz"),
    "ro": ("opriți", "oprește", "dezabonare", "dezabonează-mă", "lasă-mă în pace"),
}
YES: ByLanguage = {
    "en": ("yes", "y", "yeah", "yep", "yes please", "ok", "okay"),
    "pl": ("tak", "t", "no tak"),
    "ar": ("نعم", "اي", "أجل"),
}
NO: ByLanguage = {
    "en": ("no", "n", "nope", "no thanks", "no thank you"),
    "pl": ("nie", "nie dziękuję", "nie dzięki"),
    "ar": ("لا", "لا شكرا"),
}

_LONGEST = 40  # letters; anything longer says more
_SIGNS = re.compile(r"[^\w\s]|_", re.UNICODE)


def says_only(text: str, words: ByLanguage) -> bool:
    """Whether a text, however it is written, is only one of these words, in any of the languages."""
    return len(text) <= _LONGEST and in_plain_letters(text) in _known(tuple(words.values()))


def in_plain_letters(text: str) -> str:
    """A text without capitals, accents, punctuation and emoji: "STOP!" and "rezygnuje" are as good as any."""
    letters = "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))
    return " ".join(_SIGNS.sub(" ", letters).split())


@lru_cache(maxsize=16)
def _known(words: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(in_plain_letters(word) for of_language in words for word in of_language)
