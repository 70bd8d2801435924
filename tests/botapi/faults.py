"""Faults of a call, on demand."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class How:
    """One way to go wrong. `accepted` says whether the call takes effect first; `delay` is in seconds."""

    kind: Literal["answer", "cut", "truncate", "late"]
    accepted: bool
    status: int = 200
    body: Any = ""
    delay: float = 0.0

    @classmethod
    def refused(cls, status: int, description: str, **parameters: Any) -> "How":
        """The Bot API's own refusal, such as 429 with `retry_after=3`."""
        body = {"ok": False, "error_code": status, "description": description}
        return cls("answer", False, status, body | ({"parameters": parameters} if parameters else {}))

    @classmethod
    def answer(cls, status: int, body: Any, *, accepted: bool) -> "How":
        return cls("answer", accepted, status, body)

    @classmethod
    def cut_before(cls) -> "How":
        """The connection is cut; nothing was done."""
        return cls("cut", False)

    @classmethod
    def cut_after(cls) -> "How":
        """The connection is cut; the message is sent."""
        return cls("cut", True)

    @classmethod
    def truncated(cls) -> "How":
        """Half of the response, then the connection is cut."""
        return cls("truncate", True)

    @classmethod
    def late(cls, delay: float) -> "How":
        """Takes effect at once, answers late."""
        return cls("late", True, delay=delay)


@dataclass
class Order:
    """How the next calls of a method fail: after `skip` good ones, `times` times; those `to` one chat, or to any."""

    method: str  # "*" is any method
    times: int
    how: How
    skip: int = 0
    to: int | None = None


@dataclass
class Faults:
    orders: list[Order] = field(default_factory=list)

    def order(self, method: str, times: int, how: How, skip: int = 0, to: int | None = None) -> None:
        self.orders.append(Order(method, times, how, skip, to))

    def due(self, method: str, chat: int | None = None) -> How | None:
        for order in self.orders:
            if order.method.lower() not in {"*", method.lower()} or order.to not in {None, chat}:
                continue
            if order.skip:
                order.skip -= 1
                continue
            order.times -= 1
            if not order.times:
                self.orders.remove(order)
            return order.how
        return None


def to_json(how: How) -> dict[str, Any]:
    return asdict(how)
