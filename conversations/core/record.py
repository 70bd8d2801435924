"""Records: immutable value objects that are equal if their fields are."""

from functools import cache
from typing import TYPE_CHECKING, Annotated, TypeVar, dataclass_transform

import msgspec
from msgspec import field

if TYPE_CHECKING:
    from dataclasses import replace  # whose arguments mypy checks against the class's fields
else:
    from msgspec.structs import replace

__all__ = ["Private", "Record", "field", "replace"]

Type = TypeVar("Type")

_PRIVATE = object()

# Marks a field with somebody's own words. It is left out of the record's repr, and so out of tracebacks.
Private = Annotated[Type, _PRIVATE]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record(msgspec.Struct, frozen=True):
    """An immutable value with the fields that its class annotates. `replace` makes one that differs."""

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in _shown_fields(type(self)))
        return f"{type(self).__name__}({', '.join(shown)})"


@cache
def _shown_fields(cls: type[Record]) -> tuple[str, ...]:
    private = {
        name
        for each in cls.__mro__
        for name, annotation in getattr(each, "__annotations__", {}).items()
        if _PRIVATE in getattr(annotation, "__metadata__", ())
    }
    return tuple(name for name in cls.__struct_fields__ if name not in private)
