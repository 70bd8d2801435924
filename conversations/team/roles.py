"""The roles in words: what they are called, and what they do."""

from conversations.core.i18n import Words
from conversations.core.person import Role

# Those who see the team; a young reviewer is a young person, and does not.
OF_THE_TEAM: tuple[Role, ...] = ("owner", "worker", "decider", "safeguarding")


def role_names(_: Words) -> dict[Role, str]:
    """The roles, by name."""
    return {
        "owner": _("Owner"),
        "worker": _("Worker"),
        "decider": _("Decider"),
        "reviewer": _("Young reviewer"),
        "safeguarding": _("Safeguarding lead"),
    }


def what_they_do(_: Words) -> dict[Role, str]:
    """What each role may do, as the end of a sentence that begins with its name."""
    return {
        "owner": _("everything that workers and deciders may, and who is in the team."),
        "worker": _("asks young people, and reads what they say."),
        "decider": _("sees the results, and tells young people what changed."),
        "reviewer": _("a young person who sees counts, never what one person said."),
        "safeguarding": _("is told when somebody may not be safe."),
    }
