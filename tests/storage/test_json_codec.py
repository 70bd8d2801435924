"""The JSON codec: whatever a phone sends survives a round trip, and so do forms and messages."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.consultations.form import Form, Option, Question
from conversations.consultations.sample import BUSES
from conversations.core.messages import Attachment, Choice, Link, Say
from conversations.core.record import replace
from storage.core import json_codec

HALF = "half of a flag \ud83c and on"


@pytest.mark.parametrize(
    "value",
    ["zażółć 🏴 \u202e", HALF, {"ticks": ["a", "b"], "n": 3, "none": None}, {HALF: [HALF]}, 2**80, []],
)
def test_encoded_values_are_decoded(value):
    assert json_codec.loads(json_codec.dumps(value)) == value
    assert json_codec.loads(json.dumps(value)) == value, "as older versions wrote it"


def test_a_tuple_becomes_a_list_and_a_number_as_a_key_a_text():
    assert json_codec.loads(json_codec.dumps({1: ("a", "b")})) == {"1": ["a", "b"]}


def test_invalid_json_is_refused():
    with pytest.raises(ValueError, match="Expecting"):
        json_codec.loads("{half")


# --- a form ---------------------------------------------------------------------------------------

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
def test_every_form_survives_json(form):
    assert json_codec.loads(json_codec.dumps(form), Form) == form


def test_the_sample_survives_storage():
    assert json_codec.loads(json_codec.dumps(BUSES), Form) == BUSES


def test_default_fields_are_omitted():
    form = Form("x", {"en": "X"}, (Question("a", "text", {"en": "A?"}),))
    assert json_codec.loads(json_codec.dumps(form)) == {
        "code": "x",
        "title": {"en": "X"},
        "questions": [{"name": "a", "kind": "text", "label": {"en": "A?"}}],
    }


# --- a message ------------------------------------------------------------------------------------

MESSAGE = Say(
    "Which would you use?",
    progress=(2, 5),
    shown_once="a code",
    rows=((Choice("0", "Music", ticked=True), Link("More", "https://heard.example.org")),),
    attachment=Attachment("results", {"consultation": 1, "as": None}, "A chart."),
    visit=3,
    is_validation=True,
)


def test_a_message_is_stored_under_names_that_stay():
    assert json_codec.loads(json_codec.dumps(MESSAGE)) == {
        "text": "Which would you use?",
        "secret": "a code",
        "progress": [2, 5],
        "rows": [
            [
                ["choice", "0", "Music", True, False, False],
                ["link", "More", "https://heard.example.org", ""],
            ]
        ],
        "paper": ["results", {"consultation": 1, "as": None}, "A chart."],
        "visit": 3,
        "remark": True,
    }


def test_a_link_stored_before_it_could_stand_for_a_line_is_read():
    stored = json_codec.dumps(MESSAGE).replace(
        '"https://heard.example.org",""', '"https://heard.example.org"'
    )
    assert '"https://heard.example.org"]' in stored
    assert json_codec.loads(stored, Say) == MESSAGE


@pytest.mark.parametrize("text", ["plain", HALF, "😀 żółć العربية"])
def test_a_message_survives_storage_whatever_a_phone_put_into_it(text):
    message = replace(MESSAGE, text=text)
    assert json_codec.loads(json_codec.dumps(message), Say) == message


@pytest.mark.parametrize("stored", ["nothing", "{}", '{"text": 1}', '{"text": "a", "rows": [["tick", "0"]]}'])
def test_what_is_no_message_is_refused(stored):
    with pytest.raises(ValueError):
        json_codec.loads(stored, Say)
