"""msgspec, falling back to the standard json for lone surrogates, which some phones send."""

import json
from typing import Any, TypeVar, overload

import msgspec

Type = TypeVar("Type")


def dumps(value: Any) -> str:
    """A value or record as compact JSON."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), separators=(",", ":"))


@overload
def loads(text: str | bytes) -> Any: ...
@overload
def loads(text: str | bytes, kind: type[Type]) -> Type: ...
def loads(text: str | bytes, kind: Any = Any) -> Any:
    """The value of a JSON text; with `kind`, as that record. Raises ValueError if it is not JSON, or does not fit."""
    try:
        return msgspec.json.decode(text, type=kind)
    except ValueError:
        return msgspec.convert(json.loads(text), kind)


ENGINE: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
