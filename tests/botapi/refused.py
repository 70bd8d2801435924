"""How the Bot API says no."""

from typing import Any

DESCRIPTIONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class Refused(Exception):
    """An answer with `ok: false`; the description is written as Telegram writes it."""

    def __init__(self, code: int, why: str = "", **parameters: Any):
        self.code = code
        self.description = f"{DESCRIPTIONS[code]}: {why}" if why else DESCRIPTIONS[code]
        self.parameters = parameters
        super().__init__(self.description)


def bad(why: str) -> Refused:
    return Refused(400, why)
