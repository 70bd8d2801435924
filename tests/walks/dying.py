"""Named places in the code where a running process dies, or where something in it goes wrong.

A trap is laid in the process that is to fall into it, just before it becomes Heard: the code itself knows of none.
"""

import functools
import importlib
import inspect
import itertools
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Trap:
    """`where` is a function, such as `bot.courier.delivery:Delivery._try_to_send`. The process dies `before` the nth call of it
    begins or `after` it ended; or that call and all after it raise, with `words` as the error's text.
    """

    where: str
    when: Literal["before", "after", "raises"]
    nth: int = 0
    words: str = ""

    def __str__(self) -> str:
        return f"{self.when} {self.where}, call {self.nth}"


def found(where: str) -> tuple[Any, str]:
    """What holds the function, and its name there. Raises where there is no such function."""
    module, _, path = where.partition(":")
    *outer, name = path.split(".")
    owner = functools.reduce(getattr, outer, importlib.import_module(module))
    assert callable(getattr(owner, name)), where
    return owner, name


def lay(trap: Trap) -> None:
    """From now on this process falls into it."""
    owner, name = found(trap.where)
    real, calls = getattr(owner, name), itertools.count()

    def before() -> bool:
        """Whether this is the call."""
        mine = next(calls)
        if trap.when == "raises" and mine >= trap.nth:
            raise ValueError(trap.words)
        if trap.when == "before" and mine == trap.nth:
            _die()
        return trap.when == "after" and mine == trap.nth

    setattr(owner, name, _around(real, before))


def _around(real: Callable[..., Any], before: Callable[[], bool]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(real):

        @functools.wraps(real)
        async def waits(*given: Any, **named: Any) -> Any:
            mine = before()
            result = await real(*given, **named)
            return _die() if mine else result

        return waits

    @functools.wraps(real)
    def runs(*given: Any, **named: Any) -> Any:
        mine = before()
        result = real(*given, **named)
        return _die() if mine else result

    return runs


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
