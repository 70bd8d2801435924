"""The messages about a second person's approval. conversations/changes/messages.py announces an outcome."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.outcomes.write.approval import say_approved, say_asked, say_declined, say_held, say_missed
from conversations.outcomes.write.draft import CurrentDraft

APPROVAL_REQUEST = MessageKind("approval", "outcome", (CurrentDraft,), say_asked)
APPROVAL_DECLINED = MessageKind("declined", "outcome", (CurrentDraft,), say_declined)
APPROVAL_GIVEN = MessageKind("approved", "outcome", (CurrentDraft,), say_approved)
OUTCOME_HELD = MessageKind("held", "outcome", (CurrentDraft,), say_held)
OUTCOME_MISSED = MessageKind("missed", "outcome", (CurrentDraft,), say_missed)

MESSAGES: MessageKinds = (APPROVAL_REQUEST, APPROVAL_DECLINED, APPROVAL_GIVEN, OUTCOME_HELD, OUTCOME_MISSED)
