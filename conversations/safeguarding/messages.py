"""The message kinds about cases, and about Heard's own failures."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.safeguarding.cases import say_alert
from conversations.safeguarding.facts import OneCase
from conversations.safeguarding.operator_alerts import say_alarm

ALERT = MessageKind("alert", "case", (OneCase,), say_alert)
ALARM = MessageKind("alarm", "alarm", (), say_alarm)

MESSAGES: MessageKinds = (ALERT, ALARM)
