"""Slows an address that keeps failing, without keeping the address."""

import hmac
import secrets
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network

_KEY_SECONDS = 86_400.0
_MOST = 10_000  # addresses; then those that have made up for it are forgotten
_HOUSEHOLD = 64  # bits of an IPv6 address: one home or school has all the rest


class AddressPace:
    """Each failure costs an address a second; after `free` of them at once it is too fast, until time has made up for it.

    An address is kept only as a keyed hash in memory. The key is made anew each day, and the old one forgotten with all
    that it hashed. Each worker counts for itself.
    """

    def __init__(self, free: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free, self._clock = free, clock
        self._made, self._key = clock(), secrets.token_bytes(32)
        self._paid_at: dict[bytes, float] = {}  # when each address has made up for its failures

    def is_too_fast(self, address: IPv4Address | IPv6Address) -> bool:
        now = self._clock()
        return self._paid_at.get(self._hash(address, now), now) - now > self._free - 1

    def failed(self, address: IPv4Address | IPv6Address) -> None:
        now = self._clock()
        hashed = self._hash(address, now)
        if len(self._paid_at) >= _MOST:
            owing = {one: until for one, until in self._paid_at.items() if until > now}
            self._paid_at = owing if len(owing) < _MOST else {}
        self._paid_at[hashed] = max(self._paid_at.get(hashed, now), now) + 1.0

    def _hash(self, address: IPv4Address | IPv6Address, now: float) -> bytes:
        if now - self._made > _KEY_SECONDS:
            self._made, self._key, self._paid_at = now, secrets.token_bytes(32), {}
        if isinstance(address, IPv6Address):
            address = ip_network((address, _HOUSEHOLD), strict=False).network_address
        return hmac.digest(self._key, address.packed, "sha256")
