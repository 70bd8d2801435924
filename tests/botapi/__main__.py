"""The double as its own process: `python -m tests.botapi --port 8081`. Prints its address and token."""

import argparse
import asyncio
import contextlib
import signal

from tests.botapi.double import TOKEN, Double


async def serve(port: int, token: str, latency: float) -> None:
    over = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, over.set)
    async with Double(port=port, token=token, latency=latency) as double:
        print(double.url, double.token, flush=True)
        await over.wait()


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--port", type=int, default=8081, help="0 takes any that is free")
    wanted.add_argument("--token", default=TOKEN)
    wanted.add_argument("--latency", type=float, default=0.0, help="seconds per call")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(**vars(wanted.parse_args())))
