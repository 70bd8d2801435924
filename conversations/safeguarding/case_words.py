"""Who may read the words of a case and where, and how the place is called where they were written."""

from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Link, Row
from conversations.core.person import Person
from conversations.team.rights import Rights


def may_read(person: Person, *, taken_by_them: bool | None) -> bool:
    """Whether somebody may read the words of a case: they took it on, or they are a safeguarding lead."""
    return person.may(Rights.READ_CASE_WORDS) and (
        taken_by_them is True or person.may(Rights.LEAD_SAFEGUARDING)
    )


def page_row(label: str, address: str, facts: Facts) -> tuple[Row, ...]:
    """The link to a page of the team's, where this channel's readers can open it."""
    opens = facts.channel.keeps_history or facts.rules.is_reachable
    return ((Link(label, address),),) if opens else ()


def on_page_only(facts: Facts) -> tuple[str, ...]:
    """Says that words are read on the page only, and how to sign in there."""
    _ = facts.words
    where = _("You can read what they wrote, on the web page only. I note each look.")
    sign_in = _("If you aren't signed in there: /team, then “My other door”.")
    return (where,) if facts.channel.keeps_history else (where, sign_in)


def place_name(step: str, _: Words) -> str:
    """Where a text was written, from the step that its writer was at."""
    names = (
        ("say.", _("At a question")),
        ("raise.", _("In something that they raised, or its thread")),
        ("after.", _("In what they added to an outcome")),
        ("revisit.", _("About a promise")),
        ("join.", _("While they joined")),
        ("support.", _("Below the ways to get help")),
        ("team.", _("At the team's own questions")),
    )
    return next((name for steps, name in names if step.startswith(steps)), _("Between questions"))


def raised_text(_: Words) -> str:
    """What it means that a case keeps something that its person raised."""
    return _(
        "They raised something with /raise, and it waits with you: nobody answers it, and no day is promised, until the team may read it. They know that you read it first."
    )


def kept_back_text(_: Words) -> str:
    """What a case that keeps a text back means for the rest of the team."""
    return _("To the rest of the team, what they wrote looks as if they had not answered.")
