"""What /mydata does not show, and why."""

from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.general.facts import MyRows, Why

REASONS: dict[Why, str] = {
    "machine": N_("Numbers that tie my own rows together. They say nothing about you."),
    "key": N_("The address of your page, and the locked form of a code. They are keys to your answers."),
    "safety": N_(
        "What is in a case, and what made me offer help. To see it, ask {contact}. They may hold something back if it could put someone in danger."
    ),
    "others": N_("Which person in the team did something. That is about them."),
    "log": N_("The log of what the team did. It stays locked, so that nobody can change it."),
}
# Copies that are in no table.
ELSEWHERE = (
    N_(
        "The list of who was forgotten. After you delete everything it has a stamp made of your address, and the day, for {days} days. So a backup can't bring you back."
    ),
    N_("Backups. They are locked copies of all this. The team deletes each one within 30 days."),
    N_("Files that the team saved to work with. I can't look into them. Ask {contact}."),
)


def withheld_lines(facts: Facts) -> list[str]:
    """Everything about a person that they are not shown, each with its reason."""
    _ = facts.words
    given = {"contact": facts.rules.contact, "days": facts[MyRows].log_days}
    return [_(line, **given) for line in (*REASONS.values(), *ELSEWHERE)]
