"""Detects a text's language with fastText's small model, which ships with Heard. Nothing is ever downloaded."""

from collections.abc import Callable, Collection
from functools import cache
from importlib.resources import as_file, files

import fasttext

_LETTERS_MOST = 1000  # of a text; a language shows in fewer
_LIKELY = 10  # the model's likeliest languages; all others together are next to nothing


@cache
def load_language_share() -> Callable[[str, Collection[str]], float]:
    """A function of a text and language codes: how likely the text is in one of these languages, from 0 to 1."""
    with as_file(files("conversations") / "wordlists" / "lid.176.ftz") as path:
        model = fasttext.load_model(str(path))

    def share(text: str, languages: Collection[str]) -> float:
        # The model knows words in lower case better, and takes one line of well-formed Unicode.
        line = " ".join(text[:_LETTERS_MOST].lower().split()).encode(errors="replace").decode()
        labels, likely = model.predict(line, k=_LIKELY)
        found = zip(labels, likely, strict=True)
        return sum(float(one) for label, one in found if label.removeprefix("__label__") in languages)

    return share
