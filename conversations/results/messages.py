"""The message that asks somebody whether a sentence of theirs may be quoted."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.results.facts import OneSentence
from conversations.results.quotes import say_quote

QUOTE = MessageKind("quote", "quote", (OneSentence,), say_quote, lane="broadcast", asked_once=True)

MESSAGES: MessageKinds = (QUOTE,)
