"""/inbox: the team reads and answers issues, each by its promised day."""

from conversations.consultations.consultation import AllConsultations, OneConsultation
from conversations.core.engine import Command, Step
from conversations.core.facts import Facts
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.issues.facts import Filters, Inbox, InboxIssue, IssueCounts, NewIssueCount, Quarter
from conversations.issues.inbox.counts import ask_counts, take_counts
from conversations.issues.inbox.detail import ask_one, take_one
from conversations.issues.inbox.list import (
    ask_area,
    ask_list,
    ask_theme,
    open_inbox,
    take_area,
    take_list,
    take_theme,
)
from conversations.issues.inbox.merge import ask_merge, ask_merge_sure, take_merge, take_merge_sure
from conversations.issues.inbox.postpone import ask_day, ask_why, preview_move, take_day, take_why
from conversations.issues.inbox.quarterly_report import ask_quarter, take_quarter
from conversations.issues.inbox.reply import (
    ask_answer,
    ask_close,
    ask_question,
    take_answer,
    take_close,
    take_question,
)
from conversations.team.rights import Rights

_ONE = (InboxIssue,)

STEPS = (
    Step("inbox.list", ask_list, take_list, needs=(Inbox,), right=Rights.ANSWER_ISSUES),
    Step("inbox.theme", ask_theme, take_theme, needs=(Filters,), right=Rights.ANSWER_ISSUES),
    Step("inbox.area", ask_area, take_area, needs=(Filters,), right=Rights.ANSWER_ISSUES),
    Step("inbox.counts", ask_counts, take_counts, needs=(IssueCounts,), right=Rights.ANSWER_ISSUES),
    Step("inbox.quarter", ask_quarter, take_quarter, needs=(Quarter,), right=Rights.COUNT_ISSUES),
    Step("inbox.one", ask_one, take_one, needs=_ONE, right=Rights.ANSWER_ISSUES),
    Step("inbox.answer", ask_answer, take_answer, needs=_ONE, right=Rights.ANSWER_ISSUES),
    Step("inbox.question", ask_question, take_question, needs=_ONE, right=Rights.ANSWER_ISSUES),
    Step("inbox.close", ask_close, take_close, needs=_ONE, right=Rights.ANSWER_ISSUES),
    Step("inbox.day", ask_day, take_day, needs=_ONE, right=Rights.ANSWER_ISSUES),
    Step("inbox.why", ask_why, take_why, needs=_ONE, right=Rights.ANSWER_ISSUES, preview=preview_move),
    Step(
        "inbox.merge", ask_merge, take_merge, needs=(InboxIssue, AllConsultations), right=Rights.ANSWER_ISSUES
    ),
    Step(
        "inbox.merge_sure",
        ask_merge_sure,
        take_merge_sure,
        needs=(InboxIssue, OneConsultation),
        right=Rights.ANSWER_ISSUES,
    ),
)


def _inbox_label(facts: Facts) -> str:
    _, new = facts.words, facts[NewIssueCount].n
    return _.many("Inbox: {n} new", "Inbox: {n} new", new) if new else _("Inbox")


COMMANDS = (
    Command(
        "inbox",
        open_inbox,
        right=Rights.SEE_INBOX,
        label=N_("Inbox"),
        page=20,
        help=(
            HelpLine(
                20, "staff", N_("· /inbox: what young people raise of their own, and what the team answers.")
            ),
        ),
        home=(
            HomeButton(60, "joined", column=2, label=N_("What people raise")),
            HomeButton(20, "staff", label=_inbox_label, needs=(NewIssueCount,)),
        ),
    ),
)
