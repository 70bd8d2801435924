"""The messages about a consultation: the invitation, what an edit changed, and that it did not open."""

from conversations.consultations.consultation import Consultation, OneConsultation
from conversations.consultations.form_text import form_words
from conversations.consultations.manage.missed import say_missed
from conversations.consultations.respond.invitation import say_consultation
from conversations.consultations.respond.response import OneResponse, OwnResponse
from conversations.consultations.respond.set_aside import say_after_edit
from conversations.core.i18n import N_, Words
from conversations.core.message_kind import Broadcast, MessageKind, MessageKinds


def _title(about: Consultation, _: Words) -> str:
    return form_words(about.form, _).title


INVITATION = MessageKind(
    "consultation",
    "consultation",
    (OneResponse,),
    say_consultation,
    lane="broadcast",
    broadcast=Broadcast(
        _title,
        sent=N_("The questions, {moment}."),
        going_out=N_("{title}: people are being asked"),
        gone_out=N_("{title}: everybody has been asked"),
    ),
)

OPENING_MISSED = MessageKind("unopened", "consultation", (OneConsultation,), say_missed, lane="broadcast")
ANSWERS_CHANGED = MessageKind("weighed", "consultation", (OwnResponse,), say_after_edit)

MESSAGES: MessageKinds = (INVITATION, OPENING_MISSED, ANSWERS_CHANGED)
