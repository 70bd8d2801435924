"""/consult: import a workbook as a draft, preview it as young people see it, and send it out."""

from conversations.consultations.consultation import (
    AllConsultations,
    ConsultationAudience,
    OneConsultation,
    OutcomeTimes,
)
from conversations.consultations.manage.dates import (
    ask_closes,
    ask_reply_by,
    ask_sooner,
    take_closes,
    take_reply_by,
    take_sooner,
)
from conversations.consultations.manage.detail import (
    ask_one,
    ask_preview,
    ask_sure,
    take_one,
    take_preview,
    take_sure,
)
from conversations.consultations.manage.filing import ask_filed, take_filed
from conversations.consultations.manage.list import ask_list, ask_new, open_consult, take_list, take_new
from conversations.consultations.manage.publish import (
    ask_audience,
    ask_send,
    ask_when,
    take_audience,
    take_send,
    take_when,
)
from conversations.core.engine import Command, Needs, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights

_ONE: Needs = (OneConsultation, ConsultationAudience)
_WHOLE: Needs = (OneConsultation, ConsultationAudience, OutcomeTimes)

STEPS = (
    Step("consult.list", ask_list, take_list, needs=(AllConsultations,), right=Rights.WRITE_CONSULTATIONS),
    Step("consult.new", ask_new, take_new, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.one", ask_one, take_one, needs=_WHOLE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.preview", ask_preview, take_preview, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.sure", ask_sure, take_sure, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.audience", ask_audience, take_audience, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step(
        "consult.filed",
        ask_filed,
        take_filed,
        needs=(OneConsultation, TeamRules),
        right=Rights.WRITE_CONSULTATIONS,
    ),
    Step("consult.reply_by", ask_reply_by, take_reply_by, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.closes", ask_closes, take_closes, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.sooner", ask_sooner, take_sooner, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.when", ask_when, take_when, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
    Step("consult.send", ask_send, take_send, needs=_ONE, right=Rights.WRITE_CONSULTATIONS),
)
COMMANDS = (
    Command(
        "consult",
        open_consult,
        right=Rights.WRITE_CONSULTATIONS,
        label=N_("Ask young people"),
        page=10,
        help=(
            HelpLine(
                10,
                "staff",
                N_(
                    "· /consult: ask young people something. Send me a workbook (XLSForm), and I show you what I understood."
                ),
            ),
        ),
        home=(HomeButton(10, "staff"),),
    ),
)
