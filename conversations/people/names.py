"""The names of languages, reading versions and age bands."""

from conversations.core.i18n import Words
from conversations.core.person import Band

# Each language's own name for itself; never translated.
LANGUAGES = {"en": "English", "pl": "Polski", "ar": "العربية"}


def version_names(_: Words) -> dict[str, str]:
    """The names of the reading versions by key."""
    return {"normal": _("Normal"), "young": _("Short and simple"), "easy": _("Easy Read")}


def band_names(_: Words) -> dict[Band, str]:
    """The names of the age bands by key."""
    return {
        "under10": _("Under 10"),
        "10-12": "10–12",
        "13-15": "13–15",
        "16-17": "16–17",
        "18-25": "18–25",
        "26plus": _("26 or over"),
        "unsaid": _("Rather not say"),
    }
