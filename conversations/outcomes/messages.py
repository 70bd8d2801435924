"""The messages of a second person's yes. That an outcome is there: conversations/changes/messages.py."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.outcomes.write.approval import say_approved, say_asked, say_declined, say_held
from conversations.outcomes.write.draft import CurrentDraft

YES_ASKED = MessageKind("approval", "outcome", (CurrentDraft,), say_asked)
NOT_YET = MessageKind("declined", "outcome", (CurrentDraft,), say_declined)
YES_GIVEN = MessageKind("approved", "outcome", (CurrentDraft,), say_approved)
DID_NOT_GO = MessageKind("held", "outcome", (CurrentDraft,), say_held)

MESSAGES: MessageKinds = (YES_ASKED, NOT_YET, YES_GIVEN, DID_NOT_GO)
