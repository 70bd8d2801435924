"""orjson, falling back to the standard json for lone surrogates (some phones send them) and non-string keys."""

import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """A value as compact JSON."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"))


def loads(text: str | bytes) -> Any:
    """The value of a JSON text. Raises ValueError if it is not JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


ENGINE: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
