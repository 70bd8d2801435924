"""More training texts from those that were written: misspelt, and with an ordinary answer before or after."""

from random import Random

from conversations.core.record import replace
from training.sentences import Sentence

_TEXTED = {
    "you": "u",
    "your": "ur",
    "to": "2",
    "for": "4",
    "are": "r",
    "and": "n",
    "with": "wiv",
    "because": "cos",
}
_BETWEEN = (" ", ", ", ". ", " and ", "\n")


def augmented(sentences: list[Sentence], chance: Random) -> list[Sentence]:
    """Each sentence once misspelt, and every second one joined to an ordinary one of the same writer."""
    ordinary = {
        writer: [one for one in sentences if one.writer == writer and not one.is_sign]
        for writer in sorted({one.writer for one in sentences})
    }
    more: list[Sentence] = []
    for sentence in sentences:
        more.append(replace(sentence, text=misspelt(sentence.text.lower(), chance)))
        if chance.random() < 0.5:
            more.append(joined(sentence, chance.choice(ordinary[sentence.writer]), chance))
    return more


def joined(sentence: Sentence, ordinary: Sentence, chance: Random) -> Sentence:
    """The sentence at the end of an ordinary answer, or less often at its beginning."""
    first, second = ordinary.text, sentence.text
    if chance.random() < 0.3:
        first, second = second, first
    return replace(sentence, text=f"{first}{chance.choice(_BETWEEN)}{second}")


def misspelt(text: str, chance: Random) -> str:
    words = [_misspelt_word(word, chance) for word in text.split()]
    if len(words) > 2 and chance.random() < 0.2:
        at = chance.randrange(len(words) - 1)
        words[at : at + 2] = [words[at] + words[at + 1]]
    return " ".join(words)


def _misspelt_word(word: str, chance: Random) -> str:
    if chance.random() < 0.2:
        word = _TEXTED.get(word, word)
    if len(word) < 4 or chance.random() > 0.18:
        return word
    at = chance.randrange(1, len(word) - 1)
    match chance.randrange(5):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:
            return word[:at] + word[at] + word[at:]
        case 3:
            return word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")
    return word[:-1]
