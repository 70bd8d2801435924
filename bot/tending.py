"""What the clockwork does for what is kept: how far the database came is noted, and old notes go."""

from collections.abc import Sequence
from datetime import timedelta

from bot.clockwork import Look
from bot.settings import Settings
from bot.store import Store
from handlers.desk import Desk
from storage import keeping

MARK, TIDY = timedelta(minutes=10), timedelta(hours=1)


def tending(settings: Settings, store: Store) -> Sequence[tuple[Look, timedelta]]:
    """What is to be looked after, and how often."""
    rules = settings.rules(None)

    async def mark(_desk: Desk) -> None:
        await store.mark(rules)

    async def tidy(desk: Desk) -> None:
        store.outside.tidy(desk.clock().date())
        await store.write(rules, keeping.forget_notes)

    return (mark, MARK), (tidy, TIDY)
