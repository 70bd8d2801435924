"""Published outcomes as an Atom feed, and as JSON."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from xml.etree import ElementTree as ET

from conversations.changes.register import LateAnswer, Register, RegisterEntry, WithdrawnEntry, count_parts
from conversations.core.config import Rules
from conversations.core.i18n import Library
from conversations.core.record import replace
from conversations.core.themes import theme_names
from conversations.outcomes.outcome import PART_TEXTS, About, Outcome, current_variants
from conversations.outcomes.wording import outcome_heading, outcome_text, reading_words, title_of
from conversations.team.corrections import withdrawal_line
from handlers.web.public.list import Read
from handlers.web.public.query import A_PAGE, PageQuery

_ATOM = "http://www.w3.org/2005/Atom"
_KEYS = {"owner": "who"}  # texts with another name in the JSON
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- a feed ---------------------------------------------------------------------------------------


def feed(register: Register, query: PageQuery, library: Library, rules: Rules, read: Read) -> bytes:
    """The newest outcomes as Atom (RFC 4287), in one language. It leaves out samples, because a feed reader may show
    one line without its label. It leaves out quotes, because copies in feed readers cannot be withdrawn.
    """
    entries = [entry for entry in register.matching(query.narrowing) if not entry.sample][:A_PAGE]
    found = read([entry.id for entry in entries])
    told = [(found[entry.id], entry) for entry in entries if entry.id in found]
    gone = register.notices(query.narrowing)[:A_PAGE]
    root = _element(None, "feed", lang=query.language)
    _ = library.words(query.language, query.version)
    where = f"{rules.public_url}/changed"
    _element(root, "id", where)
    _element(root, "title", f"{_('What changed')} · {rules.organisation}")
    moments = [*(_updated(one, entry) for one, entry in told), *(one.correction.at for one in gone)]
    newest = max(moments, default=datetime(1970, 1, 1, tzinfo=UTC))
    _element(root, "updated", newest.isoformat())
    _element(_element(root, "author"), "name", rules.organisation)
    _link(root, "alternate", where)
    _link(root, "self", rules.public_url + query.address("/changed.atom"))
    for outcome, entry in told:
        _entry(root, outcome, entry, query, library, rules)
    for notice in gone:
        _notice(root, notice, query, library, rules)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(
    root: ET.Element, outcome: Outcome, entry: RegisterEntry, query: PageQuery, library: Library, rules: Rules
) -> None:
    _ = reading_words(outcome, library.words(query.language, query.version), library)
    public = replace(outcome, parts=tuple(replace(part, quote=None) for part in outcome.parts))
    one = _element(root, "entry", lang=_.language)
    _element(one, "id", rules.outcome_address(outcome.id))
    _element(one, "title", outcome_heading(outcome, _))
    _element(one, "published", _published(outcome, entry).isoformat())
    _element(one, "updated", _updated(outcome, entry).isoformat())
    _link(one, "alternate", rules.public_url + query.outcome_page(outcome.id).address())
    names = theme_names(_)
    for theme in sorted(entry.themes & names.keys()):
        _element(one, "category").attrib.update(term=theme, label=names[theme])
    _element(one, "content", outcome_text(public, (), _)).set("type", "text")


def _notice(root: ET.Element, gone: WithdrawnEntry, query: PageQuery, library: Library, rules: Rules) -> None:
    """What stands in the place of a withdrawn outcome: the same id, so that feed readers replace their copy."""
    _ = library.words(query.language, query.version)
    one = _element(root, "entry", lang=_.language)
    _element(one, "id", rules.outcome_address(gone.id))
    _element(one, "title", title_of(gone.about, _))
    _element(one, "published", gone.published.isoformat())
    _element(one, "updated", gone.correction.at.isoformat())
    _link(one, "alternate", rules.public_url + query.outcome_page(gone.id).address())
    _element(one, "content", withdrawal_line(gone.correction, _)).set("type", "text")


def _published(outcome: Outcome, entry: RegisterEntry) -> datetime:
    return outcome.published or datetime.combine(entry.day, time(), UTC)


def _updated(outcome: Outcome, entry: RegisterEntry) -> datetime:
    return max((_published(outcome, entry), *(one.at for one in outcome.corrections)))


def _element(parent: ET.Element | None, name: str, text: str = "", lang: str = "") -> ET.Element:
    ET.register_namespace("", _ATOM)
    tag = f"{{{_ATOM}}}{name}"
    made = ET.Element(tag) if parent is None else ET.SubElement(parent, tag)
    made.text = _NOT_XML.sub("", text) or None
    if lang:
        made.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    return made


def _link(parent: ET.Element, rel: str, href: str) -> None:
    _element(parent, "link").attrib.update(rel=rel, href=href)


# --- data -----------------------------------------------------------------------------------------


def data(register: Register, query: PageQuery, library: Library, rules: Rules, read: Read) -> bytes:
    """The JSON of `/changed.json`, described in docs/howto/close-the-loop.md. Dates are ISO 8601; texts are keyed by
    language and reading version: "en", "en-easy", "pl".
    """
    entries = register.matching(query.narrowing)
    shown = entries[query.first : query.first + A_PAGE]
    older = replace(query, first=query.first + A_PAGE).address("/changed.json")
    found = read([entry.id for entry in shown])
    return json.dumps(
        {
            "outcomes": [
                _row(found[entry.id], entry, library, rules) for entry in shown if entry.id in found
            ],
            "counted": count_parts(entries),
            "withdrawn": [_withdrawn(one, library, rules) for one in register.notices(query.narrowing)],
            "unanswered": [_unanswered(one) for one in register.late_answers(query.narrowing)],
            "next": rules.public_url + older if query.first + A_PAGE < len(entries) else None,
        },
        ensure_ascii=False,
    ).encode()


def archive_data(
    register: Register, library: Library, rules: Rules, outcomes: Mapping[int, Outcome]
) -> bytes:
    """Every published outcome in the same form, all in one piece, for when the site ends."""
    entries = [entry for entry in register.entries if entry.id in outcomes]
    return json.dumps(
        {
            "outcomes": [_row(outcomes[entry.id], entry, library, rules) for entry in entries],
            "withdrawn": [_withdrawn(one, library, rules) for one in register.withdrawn],
            "unanswered": [_unanswered(one) for one in register.unanswered],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def _row(outcome: Outcome, entry: RegisterEntry, library: Library, rules: Rules) -> dict[str, object]:
    late = {part.place for part in entry.parts if part.late}
    parts = [
        {
            "decision": part.decision,
            **{_KEYS.get(name, name): dict(current_variants(part.text(name))) or None for name in PART_TEXTS},
            "by": part.due.isoformat() if part.due else None,
            "stands": part.stands,
            "moved": [{"was": move.was.isoformat(), "now": move.now.isoformat()} for move in part.moves],
            "owner_says": part.standing.owner if part.standing else None,
            "settled": part.standing is not None and not part.standing.open,
            "late": part.place in late,
            "quote": part.quote.words if part.quote and part.quote.words else None,
        }
        for part in outcome.parts
    ]
    return {
        "id": outcome.id,
        "address": rules.outcome_address(outcome.id),
        "title": _title(outcome.about, library, rules),
        "language": outcome.language,
        "sample": outcome.about.sample,
        "themes": sorted(entry.themes),
        "area": entry.area or None,
        "people": outcome.people if outcome.people >= rules.small_number else None,
        "parts": parts,
        "decided_by": dict(current_variants(outcome.who)),
        "published": outcome.published.isoformat() if outcome.published else None,
        "corrected": [{"at": one.at.isoformat(), "why": one.why} for one in outcome.corrections],
    }


def _withdrawn(gone: WithdrawnEntry, library: Library, rules: Rules) -> dict[str, object]:
    return {
        "id": gone.id,
        "address": rules.outcome_address(gone.id),
        "title": _title(gone.about, library, rules),
        "at": gone.correction.at.isoformat(),
        "why": gone.correction.why,
    }


def _title(about: About, library: Library, rules: Rules) -> dict[str, str]:
    """The title in every language. An issue has none of its own, so its subject is its title."""
    if about.title:
        return dict(about.title)
    return {language: title_of(about, library.words(language, "normal")) for language in rules.languages}


def _unanswered(one: LateAnswer) -> dict[str, object]:
    return {
        "title": dict(one.title),
        "language": one.language,
        "who": dict(one.who),
        "by": one.reply_by.isoformat(),
        "themes": sorted(one.themes),
        "area": one.area or None,
    }
