"""Every kind of message that Heard sends unprompted. To add one, put a record in its subject's `messages.py`."""

from itertools import chain

from conversations.broadcasts.after_restore import HeldCount, say_restored
from conversations.broadcasts.progress import OneProgress, say_progress
from conversations.changes import messages
from conversations.consultations import messages as consultations
from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.corrections import messages as corrections
from conversations.followup import messages as followup
from conversations.issues import messages as issues
from conversations.news import messages as news
from conversations.outcomes import messages as outcomes
from conversations.people import messages as people
from conversations.promises import messages as promises
from conversations.results import messages as results
from conversations.safeguarding import messages as safeguarding

PROGRESS = MessageKind("progress", "broadcast", (OneProgress,), say_progress, lane="progress")
RESTORED = MessageKind("put-back", "mark", (HeldCount,), say_restored)

MESSAGES: MessageKinds = (PROGRESS, RESTORED)

MESSAGE_KINDS = {
    kind.name: kind
    for kind in chain(
        people.MESSAGES,
        safeguarding.MESSAGES,
        consultations.MESSAGES,
        results.MESSAGES,
        outcomes.MESSAGES,
        promises.MESSAGES,
        followup.MESSAGES,
        messages.MESSAGES,
        issues.MESSAGES,
        news.MESSAGES,
        corrections.MESSAGES,
        MESSAGES,
    )
}
BUNDLED = tuple(name for name, kind in MESSAGE_KINDS.items() if kind.broadcast and kind.broadcast.bundled)
ASKED_ONCE = tuple(name for name, kind in MESSAGE_KINDS.items() if kind.asked_once)
