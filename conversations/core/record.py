"""Value objects: frozen for mypy, not at run time."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

Class = TypeVar("Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[Class]) -> type[Class]:
    """A frozen dataclass with slots. That nothing changes one is for mypy to find: where Python looks too, each takes
    four times as long to make, and a turn makes hundreds (decision 22).
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
