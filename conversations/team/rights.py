"""The table of roles and rights. Steps, commands, effects and pages name the right that they require.

A new right is one row of `Rights`. A new role is its name in `core/person.py`, its row of `ROLE_WORDS`, and its place
in the rows of the rights that it has. `docs/roles.md` shows the same table.
"""

from collections.abc import Mapping
from enum import Enum, unique

from conversations.core.i18n import N_, Words
from conversations.core.person import Role
from conversations.core.record import Record


class RoleWords(Record):
    """The name of a role, and what it does, as the end of a sentence that begins with the name."""

    name: str
    does: str


ROLE_WORDS: Mapping[Role, RoleWords] = {
    "owner": RoleWords(N_("Owner"), N_("everything that workers and deciders may, and who is in the team.")),
    "worker": RoleWords(N_("Worker"), N_("asks young people, and reads what they say.")),
    "decider": RoleWords(N_("Decider"), N_("sees the results, and tells young people what changed.")),
    "reviewer": RoleWords(
        N_("Young reviewer"), N_("a young person who sees counts, never what one person said.")
    ),
    "safeguarding": RoleWords(N_("Safeguarding lead"), N_("is told when somebody may not be safe.")),
    "deputy": RoleWords(N_("Deputy"), N_("is told next, when no safeguarding lead has a case.")),
}


def role_name(role: Role, _: Words) -> str:
    """The name of a role in the language of `_`."""
    return _(ROLE_WORDS[role].name)


class RightRow(Record):
    """One right: what it allows, as a sentence, and the roles that have it."""

    allows: str
    roles: frozenset[Role]


def _row(allows: str, *roles: Role) -> RightRow:
    return RightRow(allows, frozenset(roles))


@unique
class Rights(Enum):
    """All rights. Whatever requires none is open to everybody."""

    def __init__(self, row: RightRow) -> None:
        self.allows = row.allows
        self.roles = row.roles

    # team
    SIGN_IN = _row(
        "Come in by an invite, add another door of one's own, sign out everywhere.",
        *("owner", "worker", "decider", "reviewer", "safeguarding", "deputy"),
    )
    SEE_TEAM = _row(
        "See who is in the team, and say what it calls them.",
        *("owner", "worker", "decider", "safeguarding", "deputy"),
    )
    MANAGE_TEAM = _row("Invite people to the team, and remove them.", "owner")
    SET_TEAM_RULES = _row("Set how the team works: areas, days, a second person's yes.", "owner")
    KEEP_RUNNING = _row("Hear at once that Telegram refuses Heard, or that a backup was restored.", "owner")
    # safeguarding
    SEE_CASES = _row(
        "See safeguarding cases, take them on, write to the person, close them.",
        *("owner", "safeguarding", "deputy"),
    )
    READ_CASE_WORDS = _row(
        "Read the words of a case that one took on; a safeguarding lead, of every case.",
        *("owner", "safeguarding", "deputy"),
    )
    READ_MARKED_TEXTS = _row(
        "Read texts that may hold a sign of danger, say that they are no worry, or open a case.",
        *("owner", "safeguarding", "deputy"),
    )
    LEAD_SAFEGUARDING = _row(
        "Be told of a case first, and write about it as the safeguarding lead.", "safeguarding"
    )
    KEEP_ROTA = _row("Keep the rota: who is told of a case in which hours.", "owner", "safeguarding")
    DEPUTISE = _row("Be told of a case that no lead has taken on, or that reaches no lead.", "deputy")
    STAND_IN = _row("Be told of a case last; first, where there is no lead.", "owner")
    KEEP_HELPLINES = _row(
        "Keep the helplines: numbers, words, ages, and the day when each is checked again.",
        *("owner", "safeguarding"),
    )
    KEEP_CASE_REGISTER = _row(
        "See the register of all cases and export it; say for what reasons cases are closed, and how long it keeps them.",
        *("owner", "safeguarding"),
    )
    # consultations
    WRITE_CONSULTATIONS = _row(
        "Make consultations from a workbook, open and close them, print their posters.", "owner", "worker"
    )
    PREVIEW_CONSULTATIONS = _row(
        "Go through a consultation as young people see it.", "owner", "worker", "decider"
    )
    REMOVE_SAMPLE = _row("Remove the sample consultation, with all that hangs on it.", "owner")
    # results
    SEE_RESULTS = _row("See in numbers what people said.", "owner", "worker", "decider", "reviewer")
    SEE_TRUE_COUNTS = _row(
        "See results while they come in, and the true counts: for others small numbers are hidden.",
        "owner",
        "worker",
        "decider",
    )
    READ_ANSWERS = _row(
        "Read what people wrote, export it, ask somebody whether they may be quoted.", "owner", "worker"
    )
    # outcomes, promises, followup
    PUBLISH_OUTCOMES = _row(
        "Write outcomes, ask for a second yes, publish them.", "owner", "worker", "decider"
    )
    APPROVE_OUTCOMES = _row("Give the second yes to outcomes that others wrote.", "owner", "decider")
    KEEP_PROMISES = _row("Say how far a promise is, and move its day.", "owner", "worker", "decider")
    HEAR_OF_PROMISES = _row("Be reminded of an answer that was promised and is due.", "owner", "decider")
    FOLLOW_UP = _row(
        "Say whether what was promised has happened, and be asked about it.", "owner", "worker", "decider"
    )
    CORRECT_PUBLISHED = _row(
        "Correct what one may publish, after it was published; the correction is shown with its day and reason.",
        *("owner", "worker", "decider"),
    )
    WITHDRAW_PUBLISHED = _row("Take back what was published, at once.", "owner")
    # issues
    SEE_INBOX = _row(
        "Open the inbox: what was raised, or how much of it.", "owner", "worker", "decider", "reviewer"
    )
    ANSWER_ISSUES = _row("Read what young people raise, and answer it.", "owner", "worker", "decider")
    COUNT_ISSUES = _row("See how much was raised, with small numbers hidden, and none of it.", "reviewer")
    HEAR_OF_SURGES = _row("Be told when many people raise the same.", "owner", "worker")
    # news, broadcasts
    WRITE_NEWS = _row("Write good news, and send it.", "owner", "worker")
    SEND_BROADCASTS = _row(
        "See what was sent to many, send it again where it failed, release what is held.",
        "owner",
        "worker",
        "decider",
    )
