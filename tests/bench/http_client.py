"""The cost of a call to the Bot API: aiohttp compared with httpx, against the double in a separate process.

`python -m tests.bench.http_client` prints the figures. Only the ratios carry over to another machine; calls per
second are bounded by the double too, which checks every call.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from telegram.request import BaseRequest, HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from handlers.telegram.http import AiohttpRequest
from tests.botapi import DoubleProcess, Phone
from tests.botapi.asking import buttons

SAM = 700001
ROUNDS = 3  # alternating, so that other load on the machine affects both alike
CALLS = {1: 300, 64: 640}
CLIENTS: dict[str, Callable[[int], BaseRequest]] = {
    "aiohttp": lambda size: AiohttpRequest(size, read_timeout=60, pool_timeout=60),
    "httpx": lambda size: HTTPXRequest(size, read_timeout=60, pool_timeout=60),
}


@dataclass(frozen=True)
class Cost:
    cpu_ms: float  # of the caller's processor, per call
    per_second: float


def _message() -> RequestData:
    markup = buttons([("Safe", "7:0"), ("Not safe", "7:1")])
    values = {"chat_id": SAM, "text": "How safe do you feel on the bus home?", "reply_markup": markup}
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def _burst(request: BaseRequest, address: str, calls: int, at_once: int) -> Cost:
    left = iter(range(calls))

    async def caller() -> None:
        for _ in left:
            await request.post(address, _message())

    cpu, clock = time.process_time(), time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(at_once)))
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    return Cost(cpu * 1000 / calls, calls / clock)


async def _round(address: str, name: str, at_once: int) -> Cost:
    async with CLIENTS[name](at_once) as request:
        await _burst(request, address, at_once, at_once)  # opens the connections
        return await _burst(request, address, CALLS[at_once], at_once)


async def measure() -> dict[str, float]:
    """Medians: `aiohttp_1_cpu_ms`, `httpx_64_per_second`, … and `ratio_64_cpu` (httpx's cost over aiohttp's)."""
    figures: dict[str, float] = {}
    async with DoubleProcess() as double:
        await Phone(double, SAM).types("/start")
        address = f"{double.url}/bot{double.token}/sendMessage"
        for at_once in CALLS:
            costs: dict[str, list[Cost]] = {name: [] for name in CLIENTS}
            for _ in range(ROUNDS):
                for name, known in costs.items():
                    known.append(await _round(address, name, at_once))
            for name, known in costs.items():
                figures[f"{name}_{at_once}_cpu_ms"] = median(cost.cpu_ms for cost in known)
                figures[f"{name}_{at_once}_per_second"] = median(cost.per_second for cost in known)
            ours, theirs = (figures[f"{name}_{at_once}_cpu_ms"] for name in ("aiohttp", "httpx"))
            figures[f"ratio_{at_once}_cpu"] = theirs / ours
            ours, theirs = (figures[f"{name}_{at_once}_per_second"] for name in ("aiohttp", "httpx"))
            figures[f"ratio_{at_once}_per_second"] = ours / theirs
    return figures


def main() -> None:
    figures = asyncio.run(measure())
    print(f"{'at once':>8} {'client':>8} {'CPU ms/call':>12} {'calls/s':>9}")
    for at_once in CALLS:
        for name in CLIENTS:
            cpu, rate = (figures[f"{name}_{at_once}_{what}"] for what in ("cpu_ms", "per_second"))
            print(f"{at_once:>8} {name:>8} {cpu:>12.2f} {rate:>9.0f}")
        cpu, rate = (figures[f"ratio_{at_once}_{what}"] for what in ("cpu", "per_second"))
        print(f"{at_once:>8}  aiohttp: {cpu:.1f}× less CPU, {rate:.1f}× as many calls a second")


if __name__ == "__main__":
    main()
