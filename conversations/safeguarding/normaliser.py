"""Normalises a text into plain words: undoes disguised spelling, and expands slang and contractions."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from conversations.core.record import Record, field

# Unicode categories to drop, invisible characters and combining marks: ogonki, Zalgo, zero-width spaces, soft hyphens.
_DROPPED_CATEGORIES = {"Cf", "Mn", "Me"}
_APOSTROPHES = "'`´‘’ʼʹ′"
_LOOKALIKES = str.maketrans(
    "łøđıαеεорρстτуυхχіιјѕкκмвнηӏԁԛԝաոսցգᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱꜰᴛᴜᴠᴡʏᴢаον",
    "lodiaeeoppcttyuxxiijskkmbhnldqwaouggabcdeghijklmnoprsftuvwyzaov",
)
# Upside-down letters, in texts that run from the end: ɟlǝsʎɯ is myself. Some are letters of their own: n is u, and d is p.
_TURNED = "ɐǝɟƃɥᴉɾʞɯɹʇʌʍʎ"  # no language that is common here has these
_UPRIGHT = str.maketrans(_TURNED + "ɔɓıןnubqdpMW¡¿", "aefghijkmrtvwy" + "cgilunqbpdWM!?")
_TURNED_ENOUGH = 3  # letters; fewer may be decoration
_LEET = str.maketrans("03457@$€+", "oeastaset")
# A word, or the end of a sentence or clause. A full stop inside a word ("k.i.l.l") ends nothing.
_TOKEN = re.compile(r"[a-z0-9@$€|*+]+(?:!+[a-z0-9@$€|*+]+)*|[.!?;,]+(?=\s|$)|[\n\r]")
_ENDS = frozenset(".!?;,\n\r")
_STRETCH = re.compile(r"(.)\1\1|aa|ii|uu|yy")
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1\1+|(?<=a)a|(?<=i)i|(?<=u)u|(?<=y)y")
_SINGLES = re.compile(rb"\x01{3,}")
_PIECE = re.compile(r"[a-z]+|[0-9]+")
_START = 4  # letters at the start of a stem, used as a quick first check
_GLUED_LEAST = 8  # letters: shorter tokens are not split
_BROKEN_LEAST = 6  # letters: shorter words are not joined


class Reading(Record):
    """A text as plain words, with the number of the sentence or clause of each."""

    words: tuple[str, ...]
    sentences: tuple[int, ...]


class Spelling(Record):
    """The vocabulary for normalising.

    `known` are the words of all phrases; `stems` are beginnings that match with any ending; `readings` expand slang
    and contractions (`wanna` is `want to`), and map fillers to nothing. The other fields are indexes of these.
    """

    known: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    starts: frozenset[str] = frozenset()
    readings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    squeezed: Mapping[str, str] = field(default_factory=dict)
    masked: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0


def spelling_from(
    words: Iterable[str], stems: Iterable[str], readings: Mapping[str, tuple[str, ...]]
) -> Spelling:
    """Builds the vocabulary from words, stems and readings that are already `plain`."""
    stems = tuple(sorted(set(stems)))
    known = frozenset(words) | frozenset(stems)
    all_words = known | readings.keys()
    return Spelling(
        known=known,
        stems=stems,
        starts=frozenset(stem[:_START] for stem in stems),
        readings=readings,
        squeezed={_RUN.sub(r"\1", word): word for word in sorted(all_words)},
        masked={mask: word for word in sorted(all_words) if len(word) > 3 for mask in _masks(word)},
        longest=max(map(len, all_words), default=0),
    )


def plain(text: str) -> str:
    """The text in lower-case Latin letters, without accents, invisible characters, look-alikes and apostrophes."""
    for mark in _APOSTROPHES:
        text = text.replace(mark, "")
    if text.isascii():
        return text.lower()
    if sum(map(text.count, _TURNED)) >= _TURNED_ENOUGH:
        text = "\n".join(line.translate(_UPRIGHT)[::-1] for line in text.split("\n"))
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in folded if c < "\x7f" or unicodedata.category(c) not in _DROPPED_CATEGORIES)
    return "".join(kept).translate(_LOOKALIKES)


def normalise(text: str, spelling: Spelling) -> Reading:
    """Normalises a text of any length, in time proportional to its length."""
    known = spelling.known
    words: list[str] = []
    sentences: list[int] = []
    sentence = 0
    tokens = _tokens(plain(text), spelling)
    skip = False
    for at, token in enumerate(tokens):
        if skip:
            skip = False
        elif token in known:
            words.append(token)
            sentences.append(sentence)
        elif token[0] in _ENDS:
            sentence += 1
        else:
            skip = _is_broken(tokens, at, spelling)
            said = _words_of_token(token + tokens[at + 1] if skip else token, spelling)
            words += said
            sentences += [sentence] * len(said)
    return Reading(tuple(words), tuple(sentences))


def _tokens(clear: str, spelling: Spelling) -> list[str]:
    """Words and sentence ends. Three or more single letters in a row are joined into words."""
    tokens: list[str] = _TOKEN.findall(clear)
    single = bytes([len(token) == 1 for token in tokens])
    if b"\1\1\1" not in single:
        return tokens
    mended: list[str] = []
    at = 0
    for run in _SINGLES.finditer(single):
        letters = [token for token in tokens[run.start() : run.end()] if token not in _ENDS]
        mended += tokens[at : run.start()]
        mended += (
            _words_from_letters("".join(letters), spelling)
            if len(letters) > 2
            else tokens[run.start() : run.end()]
        )
        at = run.end()
    return mended + tokens[at:]


def _is_broken(tokens: list[str], at: int, spelling: Spelling) -> bool:
    """Whether this unknown token makes a word with the next one: `sui cide`."""
    if at + 1 == len(tokens) or tokens[at] in spelling.readings:
        return False
    whole = tokens[at] + tokens[at + 1]
    return len(whole) >= _BROKEN_LEAST and (whole in spelling.known or whole in spelling.readings)


def _words_from_letters(letters: str, spelling: Spelling) -> list[str]:
    """Words made from single letters; a letter that fits into none stays alone."""
    if letters.isdigit():
        return list(letters)
    guesses = (letters,) if letters.isalpha() else _guesses(letters)
    return min((_fewest_words(guess, spelling, strays=True) for guess in guesses), key=len)


def _words_of_token(token: str, spelling: Spelling) -> tuple[str, ...]:
    """The words of a token, with its disguise undone if possible; otherwise the token itself."""
    if token in spelling.readings:
        return spelling.readings[token]
    if token.isdigit():
        return (token,)
    for guess in (token,) if token.isalpha() else _guesses(token):
        said = _words_of_guess(guess, spelling)
        if said is not None:
            return said
    return (token,) if token.isalpha() else _pieces(token, spelling)


def _words_of_guess(guess: str, spelling: Spelling) -> tuple[str, ...] | None:
    """The words that a guessed spelling stands for; None if it matches no known word."""
    if guess in spelling.known or (guess[:_START] in spelling.starts and guess.startswith(spelling.stems)):
        return (guess,)
    if guess in spelling.readings:
        return spelling.readings[guess]
    if "*" in guess and guess in spelling.masked:
        return _readings_of(spelling.masked[guess], spelling)
    if _STRETCH.search(guess):
        return _unstretch(guess, spelling)
    if len(guess) >= _GLUED_LEAST:
        return _split_glued(guess, spelling)
    return None


def _unstretch(guess: str, spelling: Spelling) -> tuple[str, ...] | None:
    """Undoes stretched letters: `kiiilll`, `iwanttodieeee`."""
    whole = spelling.squeezed.get(_RUN.sub(r"\1", guess))
    if whole is not None:
        return _readings_of(whole, spelling)
    return _split_glued(_LONG_RUN.sub(r"\1", guess), spelling)


def _readings_of(word: str, spelling: Spelling) -> tuple[str, ...]:
    return spelling.readings.get(word, (word,))


def _split_glued(guess: str, spelling: Spelling) -> tuple[str, ...] | None:
    """Splits `iwanttodie` into known words that use every letter; None if there are none."""
    parts = _fewest_words(guess, spelling, strays=False)
    return tuple(word for part in parts for word in _readings_of(part, spelling)) or None


def _fewest_words(letters: str, spelling: Spelling, *, strays: bool) -> list[str]:
    """The fewest known words that make up the letters. With `strays`, single letters may remain, at a higher cost;
    without, the result is empty if the words do not use every letter.
    """
    cost: list[int | None] = [0] + [None] * len(letters)
    back = [0] * (len(letters) + 1)
    for start in range(len(letters)):
        so_far = cost[start]
        if so_far is None:
            continue
        for end in range(start + 1, min(start + spelling.longest, len(letters)) + 1):
            part = letters[start:end]
            if part in spelling.known or part in spelling.readings:
                price = so_far + 1
            elif strays and end == start + 1:
                price = so_far + 4
            else:
                continue
            known = cost[end]
            if known is None or price < known:
                cost[end], back[end] = price, start
    return _trace_back(letters, back) if cost[-1] is not None else []


def _trace_back(letters: str, back: list[int]) -> list[str]:
    parts: list[str] = []
    end = len(letters)
    while end > 0:
        parts.append(letters[back[end] : end])
        end = back[end]
    return parts[::-1]


def _guesses(token: str) -> tuple[str, str]:
    """The token with digits and symbols replaced by the letters they stand for; 1, ! and | may be i or l."""
    guess = token.translate(_LEET)
    return tuple(re.sub(r"[1!|]", letter, guess) for letter in "il")  # type: ignore[return-value]


def _pieces(token: str, spelling: Spelling) -> tuple[str, ...]:
    pieces = _PIECE.findall(token)
    return tuple(word for piece in pieces for word in _readings_of(piece, spelling))


def _masks(word: str) -> Iterator[str]:
    """The word with one inner letter masked, or two adjacent ones: `k*ll`, `s**cide`."""
    for at in range(1, len(word) - 1):
        yield f"{word[:at]}*{word[at + 1 :]}"
        if at + 2 < len(word):
            yield f"{word[:at]}**{word[at + 2 :]}"
