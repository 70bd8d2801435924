"""`make bench`: every benchmark, one after the other. Only ratios travel to another machine."""

import asyncio

from tests.bench import changed, http_client, taps, updates

ALL = {
    "A call to the Bot API: aiohttp beside httpx": http_client.measure,
    "Updates a second, nothing held back": updates.measure,
    "500 requests a second at the public page, beside a bare aiohttp page": changed.measure,
    "50 people tap while an outcome goes out, 28 messages a second in all": taps.measure,
}


async def main() -> None:
    for title, measure in ALL.items():
        print(f"\n{title}")
        for name, value in (await measure()).items():
            print(f"{name:>32} {value:10.2f}", flush=True)


asyncio.run(main())
