"""The message kinds about cases, and about Heard's own failures."""

from conversations.core.message_kind import MessageKind, MessageKinds
from conversations.safeguarding.alert import say_alert
from conversations.safeguarding.casework.notices import (
    say_answered,
    say_handed,
    say_not_handed,
    say_taken_over,
)
from conversations.safeguarding.facts import AlertedCases, CaseInformed, OneCase
from conversations.safeguarding.help.reminder import say_due
from conversations.safeguarding.help.ways import Helplines
from conversations.safeguarding.operator_alerts import say_alarm
from conversations.safeguarding.support import say_read_by_lead, say_who_was_told

ALERT = MessageKind("alert", "case", (AlertedCases,), say_alert)
ALARM = MessageKind("alarm", "alarm", (), say_alarm)
CASE_INFORMED = MessageKind("case_informed", "case", (CaseInformed, Helplines), say_who_was_told)
CASE_HANDED = MessageKind("case_handed", "case", (OneCase,), say_handed)
CASE_NOT_HANDED = MessageKind("case_unheard", "case", (OneCase,), say_not_handed)
CASE_TAKEN_OVER = MessageKind("case_moved", "case", (OneCase,), say_taken_over)
CASE_ANSWERED = MessageKind("case_answer", "case", (OneCase,), say_answered)
READ_BY_LEAD = MessageKind("read_by_lead", "case", (Helplines,), say_read_by_lead)

HELPLINES_DUE = MessageKind("helplines", "day", (Helplines,), say_due, lane="broadcast")

MESSAGES: MessageKinds = (
    HELPLINES_DUE,
    ALERT,
    ALARM,
    CASE_INFORMED,
    CASE_HANDED,
    CASE_NOT_HANDED,
    CASE_TAKEN_OVER,
    CASE_ANSWERED,
    READ_BY_LEAD,
)
