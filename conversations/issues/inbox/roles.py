"""Who answers what young people raise, and who sees how much of it there is."""

from conversations.core.person import Role

ANSWERERS: tuple[Role, ...] = ("worker", "decider")  # the owner may do what these may
COUNTERS: tuple[Role, ...] = ("reviewer",)  # see counts, with small numbers hidden
