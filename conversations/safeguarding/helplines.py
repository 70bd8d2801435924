"""The texts for moments when somebody may need a helpline. None of them asks a question."""

from collections.abc import Sequence
from typing import Literal

from conversations.core.events import Unreadable
from conversations.core.i18n import Words
from conversations.core.person import Band
from conversations.safeguarding.detector import DangerKind, Whose
from conversations.safeguarding.help.ways import EMERGENCY, Helpline

# Who an alert has reached: the safeguarding lead, somebody else in the team, or nobody.
Informed = Literal["lead", "team", "nobody"]

# For these kinds the danger may be in the room, so the text includes a way to call without speaking.
_QUIET_CALL: frozenset[DangerKind] = frozenset({"abuse", "exploitation", "violence", "unsafe_now"})
_YOUNGEST: tuple[Band, ...] = ("under10", "10-12")


def support_text(
    _: Words,
    *,
    kind: DangerKind,
    helplines: Sequence[Helpline],
    age_band: Band | None,
    informed: Informed | None,
    team_line: str | None,
    whose: Whose = "own",
    denied: bool = False,
) -> str:
    """The reply to a sign of danger.

    `informed` is who in the team the alert has really reached, None where they have just read it; `team_line` is how to
    reach the team.
    """
    lines = [line.line(_) for line in helplines]
    if kind in _QUIET_CALL:
        lines.insert(1, _quiet_call(_))
    if team_line:
        lines.append(_team_line(_, team_line))
    if age_band in _YOUNGEST:
        lines.append(_("· Or tell an adult you trust."))
    if informed:
        lines.append(_informed_text(_, informed=informed))
    return "\n".join((_opening_sentence(_, whose=whose, denied=denied), *lines))


def who_was_told_text(_: Words, informed: Informed, helplines: Sequence[Helpline]) -> str:
    """The message that follows where the reply to a sign of danger is no longer true of who in the team knows."""
    match informed:
        case "lead":
            who = _(
                "I've now told the person in our team who keeps young people safe that someone may need help."
            )
            return f"{who} {_not_at_work(_)}"
        case "team":
            who = _(
                "I couldn't reach the person in our team who keeps young people safe. So I've told somebody else in our team that someone may need help."
            )
            return f"{who} {_not_at_work(_)}"
    lines = (line.line(_) for line in helplines)
    nobody = _(
        "I have to put something right: I couldn't reach anybody in our team, so nobody there knows yet. I keep trying. You don't have to wait for them:"
    )
    return "\n".join((nobody, *lines))


def unreadable_text(_: Words, kind: Unreadable, helplines: Sequence[Helpline]) -> str:
    """The reply to content that Heard cannot read, because it may contain a call for help."""
    lines = (line.line(_) for line in helplines)
    return "\n".join((_unreadable_sentence(_, kind), _("If you need help now, don't wait for me:"), *lines))


def too_fast_text(_: Words, helplines: Sequence[Helpline]) -> str:
    """The reply, sent once, to somebody over the rate limit: what happens to their messages, and who helps now."""
    lines = (
        _("That was a lot at once, so I stop for a minute. Until then I keep nothing that you send."),
        _("I only look whether you may be in danger. After that, send the last one again."),
        _("If you need help now, don't wait for me:"),
    )
    return "\n".join((*lines, *(line.line(_) for line in helplines)))


def message_to_person(text: str, organisation: str, _: Words, *, by_lead: bool) -> tuple[str, str]:
    """The heading and text of a message from staff to the person of a case, in that person's language."""
    note = _("You can answer here if you want to: tap Answer. What you type without that doesn't reach them.")
    if by_lead:
        return _(
            "From the person who keeps young people safe at {team}", team=organisation
        ), f"{text}\n\n{note}"
    return _("From the team of {team}", team=organisation), f"{text}\n\n{note}"


def unread_words_text(_: Words, helplines: Sequence[Helpline]) -> str:
    """The reply to a text that no word list can read."""
    unread = _("I can't tell from your words here if you need help. If you need help now, send /help.")
    return "\n".join((unread, *(line.line(_) for line in helplines)))


def quiet_help_text(_: Words, helplines: Sequence[Helpline]) -> str:
    """The quiet line below the reply to somebody whose words may hold a sign: who is there to talk to. It asks nothing, and
    says nothing of what was noticed.
    """
    who = " · ".join(
        f"{line.name} {line.number}" for line in helplines if line.number and line.key != EMERGENCY.key
    )
    return _(
        "If any of this is hard, at home or inside, you can talk to somebody at any time: {who}", who=who
    )


def helplines_text(_: Words, helplines: Sequence[Helpline], *, team_line: str) -> str:
    """The helplines for the public help page, for any age."""
    lines = (
        _("If you need to talk to a person now:"),
        *(line.line(_) for line in helplines),
        _quiet_call(_),
        _team_line(_, team_line),
        "",
        _("Nobody watches this page all the time, so don't wait here for an answer."),
    )
    return "\n".join(lines)


def _quiet_call(_: Words) -> str:
    return _("· Can't speak? Call 999 from a mobile and press 55 when you're asked to.")


def _team_line(_: Words, contact: str) -> str:
    return _("· Our team, when we're at work: {contact}", contact=contact)


def _opening_sentence(_: Words, *, whose: Whose, denied: bool) -> str:
    if denied:
        return _(
            "I'm a bot, and I can't always tell what someone means. If things are hard, you deserve a real person to talk to."
        )
    if whose == "other":
        return _(
            "I'm a bot, and what you wrote matters more than my questions. A real person can help them, and help you too."
        )
    return _(
        "I'm a bot, and what you wrote matters more than my questions. You deserve a real person to talk to."
    )


def _informed_text(_: Words, *, informed: Informed) -> str:
    later = _not_at_work(_)
    match informed:
        case "lead":
            who = _(
                "I've told the person in our team who keeps young people safe that someone may need help."
            )
            return f"{who} {later}"
        case "team":
            who = _("I've told somebody in our team that someone may need help.")
            return f"{who} {later}"
    return _("Nobody watches this chat all the time, so don't wait here for an answer.")


def _not_at_work(_: Words) -> str:
    return _(
        "What you wrote is not in my message to them. They can read it if they need to. They may not be at work now, so don't wait for them."
    )


def _unreadable_sentence(_: Words, kind: Unreadable) -> str:
    match kind:
        case "voice":
            return _(
                "I can't listen to voice messages, and nobody in the team hears them. You can type it instead."
            )
        case "photo" | "video":
            return _("I can't look at photos or videos, and I don't keep them. You can tell me in words.")
        case "sticker":
            return _("I can't read stickers. You can tell me in words.")
        case "location" | "contact":
            return _("I don't need to know where you are, or anyone's number. I haven't kept it.")
        case _other:
            return _("I can't read that kind of message. You can tell me in words.")
