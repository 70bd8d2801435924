"""The documentation is correct: links work, and every named file and decision exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])
CODE = [
    path for room in ("bot", "handlers", "storage", "conversations") for path in (ROOT / room).rglob("*.py")
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(
    r"(?<![\w./-])((?:bot|handlers|storage|conversations|tests|docs)/[\w./-]+\.(?:py|md|txt|xlsx|json|yml|conf))\b"
)
DECISION = re.compile(r"\bdecisions? (\d+)", re.IGNORECASE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        target, _, anchor = link.partition("#")
        found = (page.parent / target).resolve() if target else page
        if not found.exists() or (anchor and anchor not in anchors(found)):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", [*PAGES, *CODE], ids=named)
def test_every_file_that_is_named_exists(page):
    assert [path for path in PATH.findall(page.read_text()) if not (ROOT / path).exists()] == []


def test_every_decision_is_in_the_index_and_every_number_that_is_named_exists():
    decisions = {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")}
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert set(re.findall(r"\((0[\w-]+\.md)\)", index)) == decisions
    numbers = {int(name[:4]) for name in decisions}
    assert len(numbers) == len(decisions)
    for page in [*PAGES, *CODE]:
        unknown = {int(number) for number in DECISION.findall(page.read_text())} - numbers
        assert not unknown, f"{named(page)} names decision {unknown}"


def test_every_page_is_reached_from_the_readme():
    """Nobody finds a page that nothing links to."""
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for link in LINK.findall(page.read_text()):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.is_file():
                waiting.append(target)
            elif target.is_dir() and (target / "README.md").exists():
                waiting.append(target / "README.md")
    assert [named(page) for page in PAGES if page not in reached and ".github" not in page.parts] == []
