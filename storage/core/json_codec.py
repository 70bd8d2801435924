"""orjson, falling back to the standard json for lone surrogates (some phones send them) and non-string keys."""

import json
from typing import Any

import orjson


def written(value: Any) -> str:
    """A value as JSON, without needless spaces."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, separators=(",", ":"))


def read(text: str | bytes) -> Any:
    """What JSON says. Raises ValueError where it is none."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)


ENGINE: dict[str, Any] = {"json_serializer": written, "json_deserializer": read}
