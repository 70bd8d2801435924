"""/outcome: you said, we heard, we did, in one guided minute."""

from conversations.core.engine import Command, Step
from conversations.core.i18n import N_
from conversations.core.menus import HelpLine, HomeButton
from conversations.outcomes.write import (
    approval,
    checks,
    edit_part,
    part,
    part_question,
    picture,
    preview_as,
    review,
    translations,
)
from conversations.outcomes.write.choose import ask_begin, ask_choose, open_outcome, take_begin, take_choose
from conversations.outcomes.write.draft import (
    AnswersSoFar,
    AwaitingOutcome,
    CurrentDraft,
    OutcomeAudience,
    Quotable,
)
from conversations.outcomes.write.navigation import ask_if_writable, take_if_writable
from conversations.outcomes.write.schedule import ask_sent, ask_time, take_time
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights

_DRAFT, _SENDING = (CurrentDraft,), (CurrentDraft, TeamRules)
_WITH_COUNTS, _WITH_AUDIENCE = (CurrentDraft, AnswersSoFar), (CurrentDraft, OutcomeAudience)
_WHOLE = (CurrentDraft, OutcomeAudience, TeamRules)
_WRITING_STEPS = (
    ("you_said", part.ask_you_said, part.take_you_said, _WITH_COUNTS),
    ("question", part_question.ask_question, part_question.take_question, _DRAFT),
    ("we_heard", part.ask_we_heard, part.take_we_heard, _DRAFT),
    ("decision", part.ask_decision, part.take_decision, _DRAFT),
    ("what", part.ask_what, part.take_what, _DRAFT),
    ("because", part.ask_because, part.take_because, _DRAFT),
    ("owner", part.ask_owner, part.take_owner, _DRAFT),
    ("due", part.ask_due, part.take_due, _DRAFT),
    ("figures", checks.ask_figures, checks.take_figures, _DRAFT),
    ("more", review.ask_more, review.take_more, _DRAFT),
    ("who", review.ask_who, review.take_who, _DRAFT),
    ("preview", review.ask_preview, review.take_preview, _WHOLE),
    ("sure", review.ask_sure, review.take_sure, _WITH_AUDIENCE),
    ("change", edit_part.ask_change, edit_part.take_change, _DRAFT),
    ("part", edit_part.ask_part, edit_part.take_part, _DRAFT),
    ("quote", edit_part.ask_quote, edit_part.take_quote, (CurrentDraft, Quotable)),
    ("words", translations.ask_words, translations.take_words, _DRAFT),
    ("word", translations.ask_word, translations.take_word, _DRAFT),
    ("seeing", preview_as.ask_seeing, preview_as.take_seeing, _DRAFT),
    ("picture", picture.ask_picture, picture.take_picture, _DRAFT),
    ("picture_words", picture.ask_picture_words, picture.take_picture_words, _DRAFT),
    ("ask", approval.ask_ask, approval.take_ask, _DRAFT),
    ("not_yet", approval.ask_not_yet, approval.take_not_yet, _DRAFT),
)

STEPS = (
    Step("outcome.choose", ask_choose, take_choose, needs=(AwaitingOutcome,), right=Rights.PUBLISH_OUTCOMES),
    Step("outcome.begin", ask_begin, take_begin, needs=_DRAFT, right=Rights.PUBLISH_OUTCOMES),
    *(
        Step(
            f"outcome.{name}",
            ask_if_writable(ask),
            take_if_writable(take),
            needs=needs,
            right=Rights.PUBLISH_OUTCOMES,
        )
        for name, ask, take, needs in _WRITING_STEPS
    ),
    Step(
        "outcome.seen",
        preview_as.ask_seen,
        preview_as.take_seen,
        needs=_DRAFT,
        right=Rights.PUBLISH_OUTCOMES,
        as_reader=preview_as.as_reader,
    ),
    Step("outcome.time", ask_time, take_time, needs=_SENDING, right=Rights.PUBLISH_OUTCOMES),
    Step("outcome.sent", ask_sent, take_begin, needs=_WITH_AUDIENCE, right=Rights.PUBLISH_OUTCOMES),
)
COMMANDS = (
    Command(
        "outcome",
        open_outcome,
        right=Rights.PUBLISH_OUTCOMES,
        label=N_("You said, we did"),
        page=40,
        help=(
            HelpLine(40, "staff", N_("· /outcome: tell them what came of it: you said, we heard, we did.")),
        ),
        home=(HomeButton(30, "staff", column=2),),
    ),
)
