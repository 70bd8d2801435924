"""What parents and carers read on the page: what Heard is, what their child is asked, and what they cannot see."""

from conversations.core.facts import Facts


def parents_text(facts: Facts) -> str:
    _, rules = facts.words, facts.rules
    return "\n".join(
        (
            _(
                "I'm Heard, a bot of {team}. I ask young people what they think, and tell them what changed.",
                team=rules.organisation,
            ),
            _("· Young people can skip any question, stop at any time, and say no. It costs them nothing."),
            _(
                "· The youngest age here is {n}. I ask for an age group. I don't ask for a name, a birthday, an address or a phone number.",
                n=rules.minimum_age,
            ),
            _(
                "· Parents, carers and schools can't see what a young person wrote. The team doesn't see who wrote it."
            ),
            _("· Nobody can watch a young person here without them knowing, and I never ask where they are."),
            _(
                "· A machine looks for signs that someone isn't safe. Then I show who can help at once, and someone in the team is told."
            ),
            _("· Nobody reads along all the time. If a child is in danger now, call 999."),
            _("· There are no adverts and no prizes for coming back. Nothing is sold."),
            _(
                "· I can't find a child by name, because I keep none. Your child can see and delete everything: /mydata, /delete."
            ),
            _("Questions, or a worry? {contact}", contact=rules.contact),
        )
    )
