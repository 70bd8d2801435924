"""A form as JSON: what goes in comes out."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from conversations.consultations.form import Form, Option, Question
from conversations.consultations.form_json import from_json, to_json
from conversations.consultations.sample import BUSES

_NAMES = st.text(min_size=1, max_size=10)
_TEXTS = st.dictionaries(
    st.sampled_from(["en", "pl", "en-easy", "en-young"]), st.text(max_size=20), max_size=4
)
_OPTIONS = st.lists(st.builds(Option, _NAMES, _TEXTS), max_size=3).map(tuple)
_QUESTIONS = st.builds(
    Question,
    name=_NAMES,
    kind=st.sampled_from(
        ["text", "integer", "select_one", "select_multiple", "range", "note", "acknowledge"]
    ),
    label=_TEXTS,
    hint=_TEXTS,
    required=st.booleans(),
    relevant=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    constraint=st.text(max_size=20),
    constraint_message=_TEXTS,
    options=_OPTIONS,
    start=st.integers(-5, 5),
    end=st.integers(-5, 5),
    step=st.integers(1, 3),
)
_DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
_FORMS = st.builds(
    Form,
    code=_NAMES,
    title=_TEXTS,
    questions=st.lists(_QUESTIONS, max_size=4).map(tuple),
    default_language=st.sampled_from(["en", "pl"]),
    about=_TEXTS,
    decision_maker=_TEXTS,
    reply_by=_DAYS,
    opens=_DAYS,
    closes=_DAYS,
    themes=st.lists(st.sampled_from(["safe", "learning"]), unique=True).map(tuple),
    audience=st.lists(st.sampled_from(["13-15", "16-17"]), unique=True).map(tuple),
    kind=st.sampled_from(["public", "social", "individual"]),
)


@given(_FORMS)
def test_every_form_comes_back_from_json_as_it_was(form):
    assert from_json(json.loads(json.dumps(to_json(form)))) == form


def test_the_sample_comes_back_as_it_was():
    assert from_json(json.loads(json.dumps(to_json(BUSES)))) == BUSES


def test_what_is_as_it_always_is_stays_out():
    form = Form("x", {"en": "X"}, (Question("a", "text", {"en": "A?"}),))
    assert to_json(form) == {
        "code": "x",
        "title": {"en": "X"},
        "default_language": "en",
        "kind": "public",
        "questions": [{"name": "a", "kind": "text", "label": {"en": "A?"}}],
    }
