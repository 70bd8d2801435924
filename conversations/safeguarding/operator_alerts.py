"""Alerts for operators, shown on their web pages because Telegram itself may be broken."""

from conversations.core.facts import Facts
from conversations.core.messages import Say, Session


def say_alarm(_session: Session, facts: Facts) -> Say | None:
    """Says that Telegram rejects the bot token."""
    _ = facts.words
    if not facts.person.is_staff:
        return None
    lines = (
        _(
            "Nothing is sent there any more, and nobody is heard there. Everything is kept, and goes out later."
        ),
        _(
            "Whoever runs Heard asks @BotFather for the token, sets TELEGRAM_BOT_TOKEN, and starts Heard again."
        ),
    )
    return Say("\n\n".join(lines), heading=_("Telegram refuses our token"))
