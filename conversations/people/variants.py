"""The readers that a text can be written for: each language on offer, in each of its reading versions."""

from conversations.core.facts import Facts
from conversations.core.i18n import language_name
from conversations.core.record import Record
from conversations.people.names import version_names


class Reader(Record):
    """One language and reading version. `name` is in the language of the person who chooses."""

    language: str
    version: str
    name: str

    @property
    def variant(self) -> str:
        """The key of a text's variant for this reader: "pl", "en-easy"."""
        return self.language if self.version == "normal" else f"{self.language}-{self.version}"


def readers(facts: Facts) -> list[Reader]:
    """Every language and reading version on offer."""
    _ = facts.words
    names = version_names(_)
    found = []
    for language in facts.rules.languages:
        versions = facts.library.versions(language)
        for version in versions:
            name = language_name(language, _.language)
            if len(versions) > 1:
                name = _("{language}: {version}", language=name, version=names[version])
            found.append(Reader(language, version, name))
    return found
