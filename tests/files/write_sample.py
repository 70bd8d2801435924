"""Writes a form as the workbook that a worker would have written. `python -m tests.files.write_sample`
rewrites the sample in docs/samples.
"""

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from conversations.consultations.form import Form, Question, Texts
from conversations.consultations.sample import BUSES
from conversations.core.record import replace

SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "buses-after-school.xlsx"
# Its own form_id, so that it can be sent in while the sample in the house is open.
WORKBOOK = replace(BUSES, code="buses-after-school")
LANGUAGES = {
    "en": "English (en)",
    "en-young": "Young English (en-young)",
    "en-easy": "Easy English (en-easy)",
    "pl": "Polski (pl)",
    "ar": "العربية (ar)",
}


def workbook_of(form: Form) -> bytes:
    book = Workbook()
    book.remove(book.active)
    _sheet(book, "survey", [_survey_row(question) for question in form.questions])
    _sheet(book, "choices", list(_choice_rows(form)))
    _sheet(book, "settings", [_settings_row(form)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _survey_row(question: Question) -> dict[str, str]:
    kind = f"{question.kind} {question.name}" if question.options else question.kind
    points = (
        f"start={question.start} end={question.end} step={question.step}" if question.kind == "range" else ""
    )
    assert len(question.relevant) < 2, "groups are not written"
    return {
        "type": kind,
        "name": question.name,
        **_texts("label", question.label),
        **_texts("hint", question.hint),
        "required": "yes" if question.required else "",
        "relevant": "".join(question.relevant),
        "constraint": question.constraint,
        **_texts("constraint_message", question.constraint_message),
        "parameters": points,
    }


def _choice_rows(form: Form):
    for question in form.questions:
        for option in question.options:
            yield {"list_name": question.name, "name": option.name, **_texts("label", option.label)}


def _settings_row(form: Form) -> dict[str, str]:
    return {
        "form_id": form.code,
        "form_title": form.title[form.default_language],
        "default_language": LANGUAGES[form.default_language],
        **_texts("title", form.title),
        **_texts("about", form.about),
        **_texts("decision_maker", form.decision_maker),
        "reply_by": form.reply_by,
        "opens": form.opens,
        "closes": form.closes,
        "themes": ", ".join(form.themes),
        "audience": ", ".join(form.audience),
        "kind": form.kind,
    }


def _texts(name: str, texts: Texts) -> dict[str, str]:
    return {f"{name}::{LANGUAGES[key]}": text for key, text in texts.items()}


def _sheet(book: Workbook, name: str, rows: list[dict]) -> None:
    sheet = book.create_sheet(name)
    heads = list(dict.fromkeys(head for row in rows for head, value in row.items() if value))
    sheet.append(heads)
    for row in rows:
        sheet.append([row.get(head) or None for head in heads])
    for cells in sheet.columns:
        sheet.column_dimensions[cells[0].column_letter].width = 14 if len(cells[0].value) < 14 else 32
        cells[0].font = Font(bold=True)
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


if __name__ == "__main__":
    SAMPLE.parent.mkdir(parents=True, exist_ok=True)
    SAMPLE.write_bytes(workbook_of(WORKBOOK))
