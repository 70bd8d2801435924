"""The message kinds about issues: to young people, and to the team."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.issues.facts import InboxIssue
from conversations.issues.inbox.notices import DueCounts, OneSurge, say_due, say_surge, say_wrote_back
from conversations.issues.issue import OneEntry
from conversations.issues.raising.notices import say_update

ISSUE_UPDATE = MessageKind("issue", "entry", (OneEntry,), say_update, lane="broadcast")
WROTE_BACK = MessageKind("issue_back", "issue", (InboxIssue,), say_wrote_back, lane="broadcast")
ANSWERS_DUE = MessageKind("due", "day", (DueCounts,), say_due, lane="broadcast")
SURGE = MessageKind("wave", "wave", (OneSurge,), say_surge, lane="broadcast")

MESSAGES: MessageKinds = (ISSUE_UPDATE, WROTE_BACK, ANSWERS_DUE, SURGE)
