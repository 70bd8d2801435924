"""The doctor's checks of helplines: their numbers change, and a wrong number is worse than none."""

from datetime import UTC, datetime

from bot.cli.report import Finding
from bot.config.settings import Settings
from bot.operations.opening import DatabaseUnusable, look_into_store
from conversations.safeguarding.help.ways import CHECK_AGAIN_BY, Helpline, Helplines
from storage.core.errors import Unavailable
from storage.safeguarding import helplines


async def check_helplines(settings: Settings) -> list[Finding]:
    """Names the helplines past their review day, and says when those in the code are."""
    today = datetime.now(UTC).date()
    lines = await _lines(settings)
    late = [f"{line.name} ({line.review_on:%d %B %Y})" for line in lines if line.review_on <= today]
    if late:
        mend = "Check each on its own page, and call it; then say so, or change it, under /helplines."
        found = [Finding("helplines", False, f"past the day of their check: {', '.join(late)}", mend)]
    else:
        next_day = min(line.review_on for line in lines)
        found = [Finding("helplines", True, f"to be checked by {next_day:%d %B %Y}")]
    if today >= CHECK_AGAIN_BY:
        mend = "Update Heard, or call each number in conversations/general/help.py, and report what has changed as a bug."
        found.append(
            Finding(
                "advocates", False, f"their numbers were to be checked by {CHECK_AGAIN_BY:%d %B %Y}", mend
            )
        )
    return found


async def _lines(settings: Settings) -> tuple[Helpline, ...]:
    """The team's helplines; those that Heard comes with, if the database cannot be opened, which its own check reports."""
    try:
        store = await look_into_store(settings)
    except (DatabaseUnusable, Unavailable):
        return Helplines().lines
    try:
        return (await store.read(settings.rules(None), helplines.current)).lines
    finally:
        await store.database.close()
