"""The messages about what young people raise: to them, and to the team."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.issues.facts import InboxIssue
from conversations.issues.inbox.notices import InboxDue, OneWave, say_due, say_wave, say_wrote_back
from conversations.issues.issue import OneEntry
from conversations.issues.raising.notices import say_happened

ISSUE_WENT_ON = MessageKind("issue", "entry", (OneEntry,), say_happened, lane="broadcast")
WROTE_BACK = MessageKind("issue_back", "issue", (InboxIssue,), say_wrote_back, lane="broadcast")
ANSWERS_DUE = MessageKind("due", "day", (InboxDue,), say_due, lane="broadcast")
SURGE = MessageKind("wave", "wave", (OneWave,), say_wave, lane="broadcast")

MESSAGES: MessageKinds = (ISSUE_WENT_ON, WROTE_BACK, ANSWERS_DUE, SURGE)
