"""All of a person's data: one HTML page that opens in any browser and prints well, and the same as JSON."""

import json
from datetime import date, datetime, time

from jinja2 import Environment

from conversations.consultations.form_text import form_words
from conversations.core.facts import Facts
from conversations.core.text import NO_COMMAND
from conversations.general.facts import MyData, MyRows
from conversations.general.my_data import about_lines, answers_in_words, case_lines, threads
from conversations.general.row_words import headed_rows
from conversations.general.withheld import REASONS, withheld_lines

_WHOLE = 1_000_000  # letters of an answer: all of them

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""<!doctype html>
<html lang="{{ _.language }}" dir="{{ _.direction }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ title }}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}dt{font-weight:600;margin-top:.8rem}dd{margin:0;white-space:pre-wrap}p{white-space:pre-wrap}</style>
</head>
<body>
<h1>{{ title }}</h1>
<ul>
{% for line in lines %}
<li>{{ line }}</li>
{% endfor %}
</ul>
{% for heading, answers in told %}
<h2>{{ heading }}</h2>
<dl>
{% for question, answer in answers %}
<dt>{{ question }}</dt><dd>{{ answer }}</dd>
{% endfor %}
</dl>
{% endfor %}
{% for section, threads in sections if threads %}
<h2>{{ section }}</h2>
{% for heading, paragraphs in threads %}
{% if heading %}<h3>{{ heading }}</h3>{% endif %}
{% for words in paragraphs %}
<p>{{ words }}</p>
{% endfor %}
{% endfor %}
{% endfor %}
{% if typed %}
<h2>{{ typed_heading }}</h2>
<ul>
{% for words in typed %}
<li>{{ words }}</li>
{% endfor %}
</ul>
{% endif %}
<h2>{{ rest_heading }}</h2>
{% for heading, rows in rest %}
<h3>{{ heading }}</h3>
<ul>
{% for row in rows %}
<li>{{ row|join(' · ') }}</li>
{% endfor %}
</ul>
{% endfor %}
<h2>{{ withheld_heading }}</h2>
<ul>
{% for line in withheld %}
<li>{{ line }}</li>
{% endfor %}
</ul>
</body>
</html>
""")


def own_page(facts: Facts) -> bytes:
    """The page, in UTF-8. `facts` holds MyData and MyRows."""
    _, mine = facts.words, facts[MyData]
    told = [(form_words(one.form, _).title, answers_in_words(one, _, _WHOLE)) for one in mine.answers]
    typed_heading = _("What you did and wrote on the page in the last {n} days", n=facts.rules.shown_days)
    own_case = _("What you and whoever helps you wrote to each other")
    said = case_lines(facts)
    sections = ((_("What you raised"), threads(facts)), (own_case, [("", said)] if said else []))
    return _PAGE.render(
        _=_, title=_("What I keep about you"), lines=about_lines(facts), told=told, typed=(*mine.typed, *mine.besides),
        typed_heading=typed_heading, sections=sections,
        rest_heading=_("Bit by bit"), rest=list(headed_rows(facts[MyRows], _, _WHOLE)),
        withheld_heading=_("What I leave out"), withheld=withheld_lines(facts),
    ).encode()  # fmt: skip


def own_json(facts: Facts) -> bytes:
    """All rows by table and column, and what is withheld with its reason. `facts` holds MyRows."""
    _, mine = facts.words, facts[MyRows]
    reasons = {why: _(text, contact=facts.rules.contact) for why, text in REASONS.items()}
    whole = {
        "from": facts.rules.organisation,
        "made": facts.now,
        "kept": {table.name: table.rows for table in mine.tables},
        "withheld": {
            table.name: {column: reasons[why] for column, why in table.withheld.items()}
            for table in mine.tables
            if table.withheld
        },
        "withheld_in_words": withheld_lines(facts),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain).replace(NO_COMMAND, "").encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, (datetime, date, time)) else dict(value)  # type: ignore[call-overload]
