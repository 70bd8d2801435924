"""The command line: `python -m bot COMMAND`. Each command does one thing and prints the result."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from bot import logs
from bot.cli import operations_commands
from bot.cli.console import err, in_store, out, run_or_stop, settings_or_stop, stop
from bot.config.settings import Settings
from bot.operations.store import Store
from conversations.consultations.skip_logic import how_many
from conversations.core.person import ROLES

app = typer.Typer(
    name="python -m bot",
    help="Heard asks young people what they think, and tells them what changed.\n\n"
    "Settings come from the environment or from .env; .env.example lists them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.command()
def run() -> None:
    """Start Heard: the web page, and Telegram where a token is set.

    It creates what is missing: a database, its key, a sample consultation to try. It prints the page's address and,
    while there is no owner, a link to become one. Ctrl-C stops it cleanly.
    """
    from bot.app import serve

    run_or_stop(serve(settings_or_stop()))


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="What the invited person may do.", metavar="|".join(ROLES))],
) -> None:
    """Print a link that makes one person staff. It works once, for 24 hours.

    An owner lets others in, and may do what a worker and a decider may. A worker asks young people, and sees their
    answers. A decider tells them what changed. A reviewer is a young person who sees results. A safeguarding lead is
    told when somebody may not be safe, and a deputy next, when no lead takes the case on.

    Example: python -m bot invite --role worker
    """
    from storage.team import members as team

    known = next((one for one in ROLES if one == role), None)
    if known is None:
        stop(f"There is no role {role}. The roles are: {', '.join(ROLES)}.")
    settings = settings_or_stop()
    token = in_store(
        settings, lambda store: store.write(settings.rules(None), lambda db: team.invite(db, known))
    )
    out.print(f"One use, 24 hours: {settings.web_address}/i/{token}", soft_wrap=True)


@app.command("import")
def import_(
    form: Annotated[Path, typer.Argument(help="An XLSForm workbook.", exists=True, dir_okay=False)],
) -> None:
    """Import a workbook (XLSForm) as a draft consultation, or list everything in it that cannot be read.

    Young people do not see a draft. Use /consult in the chat or on the page to read it and open it.

    Example: python -m bot import docs/samples/buses-after-school.xlsx
    """
    from handlers.files.workbook import parse_in_subprocess
    from storage.consultations import manage

    settings = settings_or_stop()
    read = asyncio.run(parse_in_subprocess(form.read_bytes()))
    if read.form is None:
        _print_problems(read.problems)
        raise typer.Exit(1)
    understood = read.form
    rules = settings.rules(None)
    in_store(settings, lambda store: store.write(rules, lambda db: manage.import_form(db, understood, None)))
    asked = how_many(understood)
    out.print(f"A draft with {asked} questions: {understood.code}. /consult in the chat opens it.")


@app.command()
def export(
    code: Annotated[str, typer.Argument(help="The consultation's form_id.")],
    file: Annotated[
        Path, typer.Argument(help="Where to write: a name that ends in .xlsx or .csv.", dir_okay=False)
    ],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write every answer of a consultation to a workbook or a CSV file.

    It contains what young people wrote, so only this account may read it. Keep it safe, and delete it when you no
    longer need it. An existing file is not overwritten unless you add --force.

    Example: python -m bot export buses answers.xlsx
    """
    from handlers.files.render import export_file

    settings = settings_or_stop()
    if file.suffix not in {".xlsx", ".csv"}:
        stop("Name a file that ends in .xlsx or .csv.")
    if file.exists() and not force:
        stop(f"{file} already exists. Choose another name, or overwrite it with --force.")
    work = lambda store: export_file(store.read, settings.rules(None), code, file.suffix)  # noqa: E731
    written = in_store(settings, work)
    if written is None:
        stop(f"There is no consultation {code}. {_known_codes(settings)}")
    _write(file, written)
    out.print(f"Written: {file}")


@app.command()
def play(
    flow: Annotated[str, typer.Argument(help="The flow to play: start, say, ways, changed…")] = "start",
) -> None:
    """Play a flow in the terminal, with a temporary database that holds the sample consultation.

    Type what a young person would type; [Yes] taps the button Yes. Ctrl-D or Ctrl-C ends it. Nothing is saved.

    Example: python -m bot play say
    """
    from bot.cli import play as player

    if not player.play(flow):
        raise typer.Exit(1)


@app.command()
def notice(
    file: Annotated[Path, typer.Argument(help="JSON Lines with a text each.", exists=True, dir_okay=False)],
    why: Annotated[bool, typer.Option("--why", help="Say which words weighed, and for what.")] = False,
    table: Annotated[
        bool, typer.Option("--table", help='Print shares by "kind" and "manner" of the lines instead.')
    ] = False,
) -> None:
    """Print what Heard would make of each text: a sign of danger, firm or soft, and its kind.

    Each line of the file is an object with "text", or a string. Each line printed is an object with "tier" (firm, soft
    or none) and "kind"; for a sign also "by" (list or classifier), "whose" (own or other) and "denied". With --table, lines
    need "kind" ("none" for an ordinary text) and "manner" too. It needs no settings, and keeps nothing.

    Example: python -m bot notice texts.jsonl
    """
    from bot.cli.notice_command import as_json, judged
    from bot.cli.notice_table import table_lines

    lines = table_lines(judged(file)) if table else (as_json(*each, why=why) for each in judged(file))
    for line in lines:
        typer.echo(line)


@app.command()
def migrate() -> None:
    """Migrate the database to this version's schema. `run` does this too.

    It happens completely or not at all: after a power cut, run it again.
    """
    settings = settings_or_stop()

    async def nothing_more(_store: Store) -> None:
        return None

    in_store(settings, nothing_more)
    out.print("The database is up to date.")


@app.command()
def doctor(
    json: Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")] = False,
) -> None:
    """Check the installation and say how to fix any problem.

    It checks the settings, the database and its key, the clock, the disk, the fonts and Telegram, and changes nothing.
    The exit code is 1 if something is wrong. Secrets are never shown.
    """
    from bot.cli.report import print_findings
    from bot.doctor.checks import examine

    findings = asyncio.run(examine())
    print_findings(findings, as_json=json)
    raise typer.Exit(any(not finding.well for finding in findings))


operations_commands.add_to(app)


def main() -> None:
    os.umask(0o077)  # nobody else on this machine may read what Heard writes
    logs.set_up(style="text", level="info")  # until the settings say otherwise
    # Not `app()`: Typer would print a whole traceback, which may contain what somebody wrote.
    typer.main.get_command(app)()


def _known_codes(settings: Settings) -> str:
    from storage.consultations import consultations

    codes = in_store(settings, lambda store: store.read(settings.rules(None), consultations.codes))
    return f"The consultations are: {', '.join(codes)}." if codes else "There is none yet."


def _write(file: Path, content: bytes) -> None:
    """Writes a file that only this account may ever read."""
    try:
        file.touch(0o600)
        file.chmod(0o600)
        file.write_bytes(content)
    except OSError as error:
        stop(f"{file} cannot be written ({error.strerror}).")


def _print_problems(problems: Any) -> None:
    table = Table("Sheet", "Row", "Column", "What to do", title="Nothing was imported")
    for problem in problems:
        words = problem.words.format_map(problem.values) if problem.values else problem.words
        table.add_row(problem.sheet, str(problem.row or ""), problem.column, words)
    err.print(table)
