"""The doctor's findings, and how they are printed."""

import json

from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conversations.core.record import Record


class Finding(Record):
    """The result of one check. `mend` says how to fix a problem; empty if all is well."""

    what: str
    well: bool
    found: str
    mend: str = ""


def print_findings(findings: list[Finding], *, as_json: bool) -> None:
    """Prints a table, or one JSON object: `{"well": bool, "findings": [...]}`."""
    if as_json:
        well = all(finding.well for finding in findings)
        print(json.dumps({"well": well, "findings": [asdict(finding) for finding in findings]}, indent=1))  # noqa: T201
        return
    table = Table.grid(padding=(0, 2))
    for finding in findings:
        mark = Text("well", "green") if finding.well else Text("not well", "red")
        table.add_row(mark, finding.what, Text(finding.found))
        if finding.mend:
            table.add_row("", "", Text(finding.mend, "bold"))
    Console().print(table)
