"""A person's own responses to outcomes, for /mydata."""

from collections.abc import Iterable, Iterator

from conversations.consultations.form import wording
from conversations.core.i18n import Words
from conversations.followup.facts import SaidAfter
from conversations.followup.pulse import pulse_answers
from conversations.followup.revisit import says_names


def own_lines(said: Iterable[SaidAfter], _: Words) -> list[str]:
    """A line for each response, and one for each comment."""
    return [line for one in said for line in _lines(one, _)]


def _lines(one: SaidAfter, _: Words) -> Iterator[str]:
    title = wording(one.title, _.language, _.version, one.language)
    if one.right is not None:
        said = _("You got it right") if one.right else _("Not really")
        yield _("Our answer to {title}. You said: {answer}", title=title, answer=said)
    if one.pulse:
        labels = pulse_answers(_)
        said = _.comma_list(labels[says] for says in one.pulse.values())
        yield _("How we asked you, {title}. You said: {answer}", title=title, answer=said)
    if one.says:
        said = says_names(_)[one.says]
        yield _("Whether it really happened, {title}. You said: {answer}", title=title, answer=said)
    if one.words:
        yield _('You added: "{words}"', words=" ".join(one.words.split()))
