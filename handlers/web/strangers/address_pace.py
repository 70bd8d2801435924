"""Slows an address that does too much in vain, without keeping the address."""

import hmac
import secrets
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address
Clock = Callable[[], float]

_KEY_SECONDS = 86_400.0
_MOST = 10_000  # addresses; then those that have made up for it are forgotten
_HOUSEHOLD = 64  # bits of an IPv6 address: one home or school has all the rest


class HashedAddresses:
    """Tells addresses apart without keeping them: by a keyed hash. The key is made anew each day, and the old one
    forgotten; `forget` is called then, because what was hashed with it says nothing any more.
    """

    def __init__(self, clock: Clock = time.monotonic, forget: Callable[[], None] = lambda: None) -> None:
        self._clock, self._forget = clock, forget
        self._made, self._key = clock(), secrets.token_bytes(32)

    def of(self, address: Address) -> bytes:
        if self._clock() - self._made > _KEY_SECONDS:
            self._made, self._key = self._clock(), secrets.token_bytes(32)
            self._forget()
        if isinstance(address, IPv6Address):
            address = ip_network((address, _HOUSEHOLD), strict=False).network_address
        return hmac.digest(self._key, address.packed, "sha256")


class AddressPace:
    """What is done in vain costs an address `cost` seconds; after `free` times at once it is too fast, until time has
    made up for it. Each worker counts for itself.
    """

    def __init__(self, free: int, cost: float = 1.0, clock: Clock = time.monotonic) -> None:
        self._free, self._cost, self._clock = free * cost, cost, clock
        self._paid_at: dict[bytes, float] = {}  # when each address has made up for it
        self._names = HashedAddresses(clock, self._paid_at.clear)

    def is_too_fast(self, address: Address) -> bool:
        return self.seconds_over(address) > 0

    def seconds_over(self, address: Address) -> float:
        """For how many seconds the address is still too fast; 0 if it is not."""
        now = self._clock()
        owed = self._paid_at.get(self._names.of(address), now) - now
        return max(0.0, owed - (self._free - self._cost))

    def failed(self, address: Address) -> None:
        now, hashed = self._clock(), self._names.of(address)
        if len(self._paid_at) >= _MOST:
            for one in [one for one, until in self._paid_at.items() if until <= now] or list(self._paid_at):
                del self._paid_at[one]
        self._paid_at[hashed] = max(self._paid_at.get(hashed, now), now) + self._cost

    def made_up(self, address: Address) -> None:
        """Takes one back: it was not in vain."""
        hashed = self._names.of(address)
        if hashed in self._paid_at:
            self._paid_at[hashed] -= self._cost
