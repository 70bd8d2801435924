"""What people say after an outcome: whether it has happened, and how it was to take part (Lundy's four)."""

from typing import Literal

Says = Literal["yes", "partly", "no", "unsure"]
OwnerSays = Literal["yes", "partly", "no"]
PulseName = Literal["space", "voice", "audience", "influence"]
PulseSays = Literal["yes", "bit", "no"]

PULSE: tuple[PulseName, ...] = ("space", "voice", "audience", "influence")
PULSE_SAYS: tuple[PulseSays, ...] = ("yes", "bit", "no")
