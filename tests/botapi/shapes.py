"""Checks that a call has the shape that the Bot API documents, with aiogram's method models."""

import importlib
import inspect
import json
import sys
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin
from unittest import mock

from pydantic import BaseModel, ValidationError
from pydantic._internal import _config

from tests.botapi.refused import Refused, bad
from tests.botapi.uploads import Upload


@cache
def judges() -> dict[str, type[BaseModel]]:
    """The model of each method."""
    _import_models()
    from aiogram import methods

    named = [(getattr(model, "__api_method__", None), model) for model in vars(methods).values()]
    return {name.lower(): model for name, model in named if isinstance(name, str)}


@cache
def update_model() -> type[BaseModel]:
    """The model of an update."""
    _import_models()
    from aiogram.types import Update

    return Update


@cache
def _import_models() -> None:
    """Imports aiogram's 600 models so that each is built when it is first used: all at once take three seconds."""
    known: dict[str, Any] = {}

    def noted(_model: type, *, _types_namespace: dict[str, Any]) -> None:
        known.update(_types_namespace)

    later = mock.patch.dict(_config.config_defaults, defer_build=True)
    with later, mock.patch.object(BaseModel, "model_rebuild", classmethod(noted)):
        importlib.import_module("aiogram.methods")
    assert known, "aiogram names the types of its fields in another way now"
    for name, module in sys.modules.items():
        if name.startswith("aiogram.types."):
            vars(module).update(known | vars(module))


def check(method: str, values: dict[str, Any], files: dict[str, Upload]) -> dict[str, Any]:
    """The call's values as Python has them (JSON strings of a form read), or a refusal."""
    from aiogram.types import BufferedInputFile

    model = judges().get(method.lower())
    if model is None:
        raise Refused(404, "method not found")
    model.model_rebuild()
    _check_characters(values)
    given = {name: _unpacked(model, name, value) for name, value in values.items()}
    own = {name: file for name, file in files.items() if name in model.model_fields}
    try:
        judged = model.model_validate(given | {name: BufferedInputFile(*file) for name, file in own.items()})
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise bad(f"{where} of {method}: {first['msg']}") from None
    for path in unknown(judged, method):
        raise bad(f"unknown field {path}")
    _check_attached(given, set(files) - set(own))
    return given | own


def _unpacked(model: type[BaseModel], name: str, value: Any) -> Any:
    """In a form everything is text; what is not text by its type is JSON."""
    if not isinstance(value, str) or name not in model.model_fields or _takes_text(model, name):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


@cache
def _takes_text(model: type[BaseModel], name: str) -> bool:
    def within(kind: Any) -> bool:
        if get_origin(kind) in {Union, UnionType}:
            return any(within(part) for part in get_args(kind))
        return kind is str or (inspect.isclass(kind) and issubclass(kind, str))

    return within(model.model_fields[name].annotation)


def unknown(value: Any, path: str) -> Any:
    """Paths of the fields that no model knows."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or ():
            yield f"{path}.{name}"
        for name in value.model_fields_set:
            yield from unknown(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from unknown(item, f"{path}.{index}")


def _check_characters(value: Any) -> None:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise bad("strings must be encoded in UTF-8") from None
    elif isinstance(value, dict):
        for item in (*value, *value.values()):
            _check_characters(item)
    elif isinstance(value, list):
        for item in value:
            _check_characters(item)


def _check_attached(values: dict[str, Any], loose: set[str]) -> None:
    named = {part for part in json.dumps(values, default=str).split('"') if part.startswith("attach://")}
    wanted = {name.removeprefix("attach://") for name in named}
    if wanted - loose:
        raise bad("file attachment not found in the request")
    if loose - wanted:
        raise bad(f"unknown field {min(loose - wanted)}")
