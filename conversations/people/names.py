"""What languages, reading versions and age bands are called."""

from conversations.core.i18n import Words
from conversations.core.person import Band

# Every language is written as its own speakers write it; it is never translated.
LANGUAGES = {"en": "English", "pl": "Polski", "ar": "العربية"}


def version_names(_: Words) -> dict[str, str]:
    """The reading versions, by name."""
    return {"normal": _("Normal"), "young": _("Short and simple"), "easy": _("Easy Read")}


def band_names(_: Words) -> dict[Band, str]:
    """The age bands, by name."""
    return {
        "under10": _("Under 10"),
        "10-12": "10–12",
        "13-15": "13–15",
        "16-17": "16–17",
        "18-25": "18–25",
        "26plus": _("26 or over"),
        "unsaid": _("Rather not say"),
    }
