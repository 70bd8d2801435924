"""Where settings come from: the environment, then `.env`; as values, or as paths of files that hold them."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

ENV_FILE = ".env"


class FileSettingsSource(PydanticBaseSettingsSource):
    """Settings that are not plain values, from one layer: the environment or `.env`.

    Any `NAME` may be given as `NAME_FILE`, a path whose content is the value, as with container secrets. An empty
    QUIET_HOURS means none.
    """

    def __init__(self, settings_cls: type[BaseSettings], layer: Mapping[str, str | None]) -> None:
        super().__init__(settings_cls)
        self._layer = layer

    def get_field_value(self, field: object, field_name: str) -> tuple[object, str, bool]:  # noqa: ARG002
        name = field_name.upper()
        if name == "QUIET_HOURS" and self._layer.get(name) == "":
            return "none", field_name, False
        path = "" if self._layer.get(name) else self._layer.get(f"{name}_FILE")
        return (_content(path) or None if path else None), field_name, False

    def __call__(self) -> dict[str, object]:
        found = ((name, self.get_field_value(None, name)[0]) for name in self.settings_cls.model_fields)
        return {name: value for name, value in found if value is not None}


def layers() -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """The environment, and `.env`, which it overrides."""
    return os.environ, dotenv_values(ENV_FILE)


def unreadable_files(settings: type[BaseSettings]) -> list[str]:
    """A line for each NAME_FILE whose file cannot be read."""
    names = [f"{name.upper()}_FILE" for name in settings.model_fields]
    paths = [(name, layer.get(name)) for layer in layers() for name in names]
    return [
        f"{name}: name a text file that this account may read"
        for name, path in paths
        if path and _content(path) is None
    ]


def _content(path: str) -> str | None:
    """A file's content, stripped; None if it cannot be read."""
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return None
