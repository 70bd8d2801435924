"""The named places at which a process dies: around each commit, and around each outgoing request."""

from typing import Literal

from tests.walks.dying import Trap

Needs = Literal["a turn", "a broadcast", "an opening", "a start"]

# What must happen for the process to get there, and what is stored and sent by then.
PLACES: dict[str, tuple[Needs, Trap]] = {
    "a turn is about to be taken": ("a turn", Trap("handlers.turns:_handle_event", "before")),
    "a turn is written, and not committed": ("a turn", Trap("handlers.replies:queue", "after")),
    "a turn is committed, and its answer not handed over": (
        "a turn",
        Trap("bot.app:Notifier.__call__", "before"),
    ),
    "an answer is handed over, and Telegram has not heard of the update": (
        "a turn",
        Trap("bot.app:Notifier.__call__", "after"),
    ),
    "an answer is about to leave": (
        "a turn",
        Trap("bot.courier.delivery:Delivery._send_or_send_plain", "before"),
    ),
    "an answer was accepted, and nobody knows": (
        "a turn",
        Trap("bot.courier.delivery:Delivery._send_or_send_plain", "after"),
    ),
    "a consultation is opened, and not committed": (
        "an opening",
        Trap("storage.consultations.lifecycle:open_due", "after"),
    ),
    "its people are queued, and not committed": (
        "an opening",
        Trap("storage.outbox.broadcasts:_queue", "after"),
    ),
    "messages are claimed, and not committed": (
        "a broadcast",
        Trap("storage.outbox.dispatching:claim", "after"),
    ),
    "messages are claimed, and nothing was done with them": (
        "a broadcast",
        Trap("bot.courier.courier:Courier._take", "before"),
    ),
    "an intent is written, and not committed": (
        "a broadcast",
        Trap("storage.outbox.dispatching:intend", "after"),
    ),
    "an intent is committed, and the message was not sent": (
        "a broadcast",
        Trap("bot.courier.rate_gate:RateGate._write", "after"),
    ),
    "a broadcast message was accepted, and not recorded": (
        "a broadcast",
        Trap("handlers.telegram.transport:TelegramTransport.send", "after"),
    ),
    "its fate is known, and about to be written": (
        "a broadcast",
        Trap("bot.courier.result_writer:ResultWriter._settle", "before"),
    ),
    "its fate is written, and not committed": (
        "a broadcast",
        Trap("storage.outbox.dispatching:settle", "after"),
    ),
    "its fate is committed": (
        "a broadcast",
        Trap("bot.courier.result_writer:ResultWriter._settle", "after"),
    ),
    "what was left over is taken up, and not committed": (
        "a start",
        Trap("storage.outbox.dispatching:recover", "after"),
    ),
    "what was left over is taken up": ("a start", Trap("bot.courier.courier:Courier.begin", "after")),
}
