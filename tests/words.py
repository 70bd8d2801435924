"""`make words`: collects the sentences of the code into the catalogues; what is translated stays."""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "conversations" / "locale"
KEYWORDS = {"_": None, "N_": None, "words": None, "many": (1, 2), "_many": (1, 2)}

# Files with sentences for staff only; young people read all others. The words of a command, in any
# flow.py, are in everybody's catalogues: staff read menus in their own reading version.
STAFF = (
    "conversations/followup/happened.py",
    "conversations/followup/report.py",
    "conversations/safeguarding/alert.py",
    "conversations/safeguarding/case_words.py",
    "conversations/safeguarding/cases.py",
    "conversations/safeguarding/casework/",
    "conversations/safeguarding/rota.py",
    "conversations/safeguarding/shifts.py",
    "storage/safeguarding/helplines.py",
    "storage/safeguarding/rota.py",
    "storage/team/last_ones.py",
    "storage/team/second_yes.py",
    "conversations/consultations/conditions.py",
    "conversations/consultations/manage/",
    "conversations/outcomes/number_checks.py",
    "conversations/broadcasts/after_restore.py",
    "conversations/changes/messages.py",
    "conversations/consultations/messages.py",
    "conversations/followup/messages.py",
    "conversations/news/messages.py",
    "conversations/promises/messages.py",
    "conversations/safeguarding/operator_alerts.py",
    "conversations/safeguarding/help/edit.py",
    "conversations/safeguarding/help/reminder.py",
    "conversations/safeguarding/help/settings.py",
    "conversations/safeguarding/write_to_them.py",
    "conversations/issues/inbox/counts.py",
    "conversations/issues/inbox/list.py",
    "conversations/issues/inbox/merge.py",
    "conversations/issues/inbox/notices.py",
    "conversations/issues/inbox/postpone.py",
    "conversations/issues/inbox/detail.py",
    "conversations/issues/inbox/reply.py",
    "conversations/team/send_invite.py",
    "conversations/news/detail.py",
    "conversations/news/missed.py",
    "conversations/news/publish.py",
    "conversations/news/write.py",
    "conversations/outcomes/write/",
    "conversations/broadcasts/progress.py",
    "conversations/promises/manage/change_status.py",
    "conversations/promises/manage/list.py",
    "conversations/promises/manage/postpone.py",
    "conversations/promises/manage/detail.py",
    "conversations/promises/manage/reminder.py",
    "conversations/people/variants.py",
    "conversations/promises/promise.py",
    "conversations/results/facts.py",
    "conversations/results/responses.py",
    "conversations/broadcasts/list.py",
    "conversations/team/members.py",
    "conversations/team/remove_member.py",
    "conversations/core/personal/asking.py",
    "conversations/corrections/choose.py",
    "conversations/corrections/correct.py",
    "conversations/corrections/messages.py",
    "conversations/corrections/withdraw.py",
    "storage/corrections/correcting.py",
    "storage/corrections/forms.py",
    "conversations/core/typed/dates.py",
    "handlers/files/export.py",
    "handlers/web/safeguarding/case_register_page.py",
    "handlers/web/sign_in/council.py",
    "handlers/web/sign_in/own_sign_ins.py",
    "handlers/web/sign_in/sign_in.py",
    "handlers/web/templates/case.html",
    "handlers/web/templates/onward.html",
    "handlers/web/templates/sign_in.html",
    "handlers/web/templates/signing_in.html",
    "handlers/web/templates/case_register.html",
    "storage/safeguarding/case_entries.py",
    "storage/safeguarding/closing.py",
    "storage/safeguarding/handover.py",
    "handlers/web/templates/text.html",
    "handlers/web/templates/texts.html",
    "handlers/files/picture.py",
    "handlers/files/workbook.py",
    "handlers/files/xlsform/",
    "conversations/team/team_rules.py",
    "storage/broadcasts/progress.py",
    "storage/outcomes/approvals.py",
    "storage/consultations/consultations.py",
    "storage/consultations/manage.py",
    "storage/broadcasts/held.py",
    "storage/issues/inbox.py",
    "storage/safeguarding/marks.py",
    "storage/consultations/lifecycle.py",
    "storage/consultations/manage.py",
    "storage/promises/updates.py",
    "storage/news/news.py",
    "storage/outcomes/publishing.py",
    "storage/outcomes/drafts.py",
)
# Or below this comment, in a file whose other sentences are for everybody.
FOR_STAFF = "For staff."
YOUNG_CATALOGUES = ("en-young", "en-easy", "pl", "ar")
STAFF_CATALOGUES = ("pl.staff",)


@cache
def sentences(*, staff: bool) -> Catalog:
    """Every sentence in the code, for young people or staff."""
    found = Catalog(project="Heard", charset="utf-8")
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        of_staff = name.startswith(STAFF) and not name.endswith("/flow.py")
        for message, marked in _in(path):
            if (marked or of_staff) == staff:
                found.add(message, locations=[(name, 0)])
    return found


def catalogue(name: str) -> Catalog:
    """The content of `conversations/locale/NAME.po`; an empty catalogue if there is no such file yet."""
    path = LOCALE / f"{name}.po"
    language = name.partition(".")[0].partition("-")[0]
    if not path.exists():
        return Catalog(locale=language, project="Heard")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(found: Catalog) -> list[Message]:
    return [message for message in found if message.id]


def refresh(name: str, template: Catalog) -> int:
    """Updates a catalogue; returns how many sentences it still lacks."""
    kept = catalogue(name)
    kept.update(template, no_fuzzy_matching=True, update_header_comment=False)
    kept.obsolete.clear()
    with (LOCALE / f"{name}.po").open("wb") as file:
        write_po(file, kept, width=110, omit_header=True, sort_output=False, no_location=True)
    return sum(not _whole(message) for message in messages(kept))


def _whole(message: Message) -> bool:
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(said) and all(said)


def _sources() -> Iterator[Path]:
    for room in ("bot", "conversations", "handlers", "storage"):
        yield from sorted((ROOT / room).rglob("*.py"))
    yield from sorted((ROOT / "handlers/web/templates").glob("*.html"))


def _in(path: Path) -> Iterator[tuple[object, bool]]:
    """Each sentence of a file, and whether its comment says that it is for staff."""
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    options = {} if path.suffix == ".py" else {"trimmed": "true", "silent": "false"}
    tags = (FOR_STAFF,)
    for _line, message, comments, _context in extract_from_file(method, path, KEYWORDS, tags, options):
        yield message, bool(comments)


def main() -> None:
    LOCALE.mkdir(exist_ok=True)
    young, staff = sentences(staff=False), sentences(staff=True)
    for name in YOUNG_CATALOGUES:
        print(f"{name}: {refresh(name, young)} of {len(messages(young))} still to say")
    for name in STAFF_CATALOGUES:
        print(f"{name}: {refresh(name, staff)} of {len(messages(staff))} still to say")


if __name__ == "__main__":
    sys.exit(main())
