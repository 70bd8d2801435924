"""Coming back with a return code on a new page. What changed because of them comes first."""

from conversations.changes.facts import PublishedOutcomes
from conversations.core.engine import Command, Turn
from conversations.core.events import Asked
from conversations.core.facts import Facts
from conversations.core.messages import Say, Session


def open_back(session: Session, _asked: Asked, facts: Facts) -> Turn:
    """/back: a welcome, then the outcomes that they contributed to, or home."""
    _, changed = facts.words, facts[PublishedOutcomes]
    lines = [
        _("All that you told me is here: /mydata."),
        _("What we said on your other page stays there."),
    ]
    onward = session.goto("join.age" if facts.person.age_is_due else "home")
    if changed.mine and not facts.person.age_is_due:
        lines.append(_("And this is what came of what you said."))
        only = changed.page[0].id
        onward = (
            session.goto("changed.one", outcome=only) if changed.mine == 1 else session.goto("changed.list")
        )
    return Turn(onward, (Say("\n".join(lines), heading=_("Welcome back.")),))


COMMANDS = (Command("back", open_back, needs=(PublishedOutcomes,)),)
