"""The eight FLOURISH headings, which views, issues and outcomes are filed under."""

from conversations.core.i18n import Words

# By key, with their English names. A workbook may use either.
THEMES = {
    "family": "family and friends",
    "learning": "learning",
    "opportunity": "opportunity",
    "understood": "understood",
    "resilience": "resilience",
    "individual": "individual",
    "safe": "safe and secure",
    "healthy": "healthy",
}
OTHER = "else"  # anything that fits none of them
DATA = "data"  # a complaint or a wish about somebody's own data: the team acknowledges it within DATA_DAYS
DATA_DAYS = 30  # Data Protection Act 2018, section 164A


def theme_names(_: Words) -> dict[str, str]:
    """The names of the headings by key, and of what fits none of them."""
    return {
        "family": _("Family and friends"),
        "learning": _("Learning"),
        "opportunity": _("Opportunity"),
        "understood": _("Understood"),
        "resilience": _("Resilience"),
        "individual": _("Individual"),
        "safe": _("Safe and secure"),
        "healthy": _("Healthy"),
        OTHER: _("Something else"),
        DATA: _("About my data"),
    }


def explained_themes(_: Words) -> dict[str, str]:
    """Each heading by key with a short explanation, in display order."""
    return {
        "family": _("Family and friends: the people close to you"),
        "learning": _("Learning: school, college or training"),
        "opportunity": _("Opportunity: work, clubs, and things to do"),
        "understood": _("Understood: being heard and taken seriously"),
        "resilience": _("Resilience: getting through hard times"),
        "individual": _("Individual: being who you are, and treated fairly"),
        "safe": _("Safe and secure: at home, outside or online"),
        "healthy": _("Healthy: how you feel, food and sport"),
    }
