"""Heard with a rate limit far above Telegram's, so that the benchmark does not measure the rate limit.

`python -m tests.bench.ungated` goes before the command that starts it.
"""

import sys
from collections.abc import Mapping

from bot.cli.main import main
from bot.config.settings import Settings
from conversations.core.config import Rules
from conversations.core.record import replace

BEYOND = 10_000  # messages a second

_rules = Settings.rules


def _lifted(settings: Settings, accounts: Mapping[str, str] | None = None) -> Rules:
    return replace(_rules(settings, accounts), sends_per_second=BEYOND)


if __name__ == "__main__":
    Settings.rules = _lifted  # type: ignore[method-assign]
    sys.argv = sys.argv[sys.argv.index("-m") + 1 :]  # "bot", "run"
    main()
