"""JSON as it is stored: whatever a phone sends can be written, and read again."""

import json

import pytest

from storage.core import json_codec

HALF = "half of a flag \ud83c and on"


@pytest.mark.parametrize(
    "value",
    ["zażółć 🏴 \u202e", HALF, {"ticks": ["a", "b"], "n": 3, "none": None}, {HALF: [HALF]}, 2**80, []],
)
def test_what_was_written_is_read_again(value):
    assert json_codec.loads(json_codec.dumps(value)) == value
    assert json_codec.loads(json.dumps(value)) == value, "as older versions wrote it"


def test_a_tuple_becomes_a_list_and_a_number_as_a_key_a_text():
    assert json_codec.loads(json_codec.dumps({1: ("a", "b")})) == {"1": ["a", "b"]}


def test_what_is_no_json_is_refused():
    with pytest.raises(ValueError, match="Expecting"):
        json_codec.loads("{half")
