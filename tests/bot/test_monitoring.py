"""The dashboard and the alert rules name only metrics that exist."""

import json
import re
from pathlib import Path

import pytest

from handlers.metrics import Metrics

DOCS = Path(__file__).parents[2] / "docs"
FIGURE = re.compile(r"\bheard_\w+")


def figures() -> set[str]:
    measures = Metrics()
    measures.turn("web", "taken", 0.1)
    with measures.request("alert"):
        measures.count_send("alert", "sent")
    measures.watch("tick", lambda: 0.0)
    measures.queue("alert", 1, 2.0)
    measures.workers(1)
    measures.away("telegram", None)
    return set(re.findall(r"^(heard_\w+)", measures.page().decode(), re.MULTILINE))


@pytest.mark.parametrize("name", ["monitoring/alerts.yml", "monitoring/grafana.json", "howto/watch-it.md"])
def test_every_figure_that_is_named_is_there(name):
    named = set(FIGURE.findall((DOCS / name).read_text()))
    there = figures()
    bases = there | {one.removesuffix("_bucket") for one in there if one.endswith("_bucket")}
    assert named
    assert named <= bases


def test_the_alerts_say_what_to_do():
    rules = (DOCS / "monitoring/alerts.yml").read_text().split("- alert: ")[1:]
    assert len({rule.split()[0] for rule in rules}) == len(rules) > 5
    assert all(re.search(r'\bdo: "\w', rule) for rule in rules)


def test_the_dashboard_can_be_imported():
    board = json.loads((DOCS / "monitoring/grafana.json").read_text())
    assert all(panel["targets"] for panel in board["panels"] if panel["type"] != "row")
