"""The commands that keep what is there: each shows how far it is, and says what it did."""

import typer

from bot.terminal import bar, in_store, say, settings_or_stop, stop

PANEL = "Keeping what is there"


def add_to(app: typer.Typer) -> None:
    """Puts these commands beside the others."""
    for command in (verify,):
        app.command(rich_help_panel=PANEL)(command)


def verify() -> None:
    """Check the log of what staff did: whether a line was altered, taken out or cut off since it was written.

    Each line is stamped with the data key over the line before. What is found is named by the line's number and its
    date. The exit code is 1 where something was found. Heard may run meanwhile.

    Example: python -m bot verify
    """
    from bot.proof import in_words, whole
    from bot.proof import verify as walk

    settings = settings_or_stop()
    with bar("Reading the audit log") as step:
        walked = in_store(settings, lambda store: walk(store, settings.rules(None), step))
    if walked.faults:
        stop("\n".join(in_words(fault, settings.zone) for fault in walked.faults))
    say(whole(walked, settings.zone))
