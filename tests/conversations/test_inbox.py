"""The team's inbox: its order, filters and numbers, and merging issues into a consultation."""

from datetime import date

import pytest
from sqlalchemy import update

from conversations.core.channels import TELEGRAM
from conversations.issues.effects import MergeIssue, ReadIssue
from conversations.issues.facts import Quarter
from conversations.issues.inbox.quarterly_report import as_results
from conversations.outcomes.outcome import Subject
from conversations.results.counting import hide_small
from storage.consultations.recipients import INVITATION_RECIPIENTS
from storage.issues import inbox
from storage.issues.counts import last_quarter
from storage.outbox import broadcasts
from storage.outcomes.recipients import of_subject
from storage.people import people
from storage.tables import issues as table
from storage.tables import people as people_table
from tests.crowd import add_crowd, open_hub
from tests.raised import member, messages, raised, somebody


async def test_new_issues_come_first_then_by_due_date_and_late_ones_say_so(house):
    worker = await house.staff("worker")

    def some(db):
        for n, by in enumerate(
            [date(2026, 12, 9), date(2026, 11, 29), date(2026, 12, 1), date(2026, 12, 30)]
        ):
            number = raised(db, somebody(db, f"y{n}"), f"the number {n}")
            db.run(update(table).where(table.c.id == number).values(reply_by=by, unread=n == 3))

    await house.run(some)
    await worker.types("/home")
    assert "Inbox: 1 new" in worker.sees
    await worker.taps("Inbox: 1 new")
    lines = [line for line in worker.heard[-1].text.splitlines() if line[:1].isdigit()]
    assert [line.split("“")[1].split("”")[0] for line in lines] == [f"the number {n}" for n in (3, 1, 2, 0)]
    assert "The answer is 2 days late." in lines[1]
    assert "To be answered today." in lines[2]
    assert "8 days left." in lines[3]


async def test_a_long_inbox_has_pages_and_comes_back_to_the_one_it_was_opened_from(house):
    worker = await house.staff("worker")
    await house.run(lambda db: [raised(db, somebody(db, f"y{n}"), f"the number {n}") for n in range(11)])
    await worker.types("/inbox")
    await worker.taps("More")
    assert "the number 10" in worker.sees
    await worker.taps("11")
    await worker.taps("Back to the inbox")
    assert "the number 8" in worker.sees or "the number 9" in worker.sees


async def test_by_theme_and_by_area(house):
    worker = await house.staff("worker")

    def some(db):
        raised(db, somebody(db, "a"), "the bus", theme="safe", area="North End")
        raised(db, somebody(db, "b"), "the park", theme="healthy", area="Riverside")
        raised(db, somebody(db, "c"), "the school", theme="healthy", area="")

    await house.run(some)
    await worker.types("/inbox")
    await worker.taps("By theme")
    assert "· Healthy: 2" in worker.sees
    await worker.taps("Healthy")
    assert "the bus" not in worker.sees
    assert "the park" in worker.sees
    await worker.taps("All that wait")
    await worker.taps("By area")
    await worker.taps("no area said")
    assert "Only these: no area said" in worker.sees
    assert "the school" in worker.sees
    assert "the park" not in worker.sees


async def test_only_the_age_and_a_different_language_are_shown(house):
    worker = await house.staff("worker")
    await house.run(lambda db: raised(db, somebody(db, "990001", "13-15", "pl"), "przystanek jest ciemny"))
    await worker.types("/inbox 1")
    assert "· Age: 13–15" in worker.sees
    assert "· They read this language: Polish" in worker.sees
    assert "990001" not in worker.sees
    await worker.taps("Answer")
    assert "They read this language: Polish" in worker.sees


# --- part of a consultation -----------------------------------------------------------------------


async def test_the_outcome_of_a_consultation_reaches_people_whose_issue_was_merged(any_house):
    number = await any_house.run(open_hub)
    (took_part,) = await any_house.run(lambda db: add_crowd(db, 1, consultation=number))

    def merged(db):
        raised(db, somebody(db, "raiser"))
        raised(db, somebody(db, "other"))
        inbox.merge(db, member(db), MergeIssue(1, number))
        db.run(update(people_table).where(people_table.c.id != took_part).values(frequency="mine"))

    await any_house.run(merged)
    assert (
        await any_house.run(
            lambda db: broadcasts.count_recipients(db, of_subject(Subject("consultation", number)))
        )
        == 2
    )
    # and a later consultation invites them, though they want messages only about what they joined
    assert (
        await any_house.run(lambda db: broadcasts.count_recipients(db, INVITATION_RECIPIENTS.who(db, number)))
        == 1
    )


async def test_they_read_where_to_have_their_say_if_it_is_for_them(any_house):
    young, older = (
        await any_house.run(open_hub),
        await any_house.run(lambda db: open_hub(db, "old", bands=["18-25"])),
    )

    def merged(db):
        raised(db, somebody(db, "a"))
        raised(db, somebody(db, "b"))
        inbox.merge(db, member(db), MergeIssue(1, young))
        inbox.merge(db, member(db), MergeIssue(2, older))

    await any_house.run(merged)
    (_, _, here), (_, _, elsewhere) = await messages(any_house)
    assert "Have your say there. What comes of it reaches you too." in here.text
    assert [button.label for row in here.rows for button in row] == ["Have your say there", "See all of it"]
    assert "You'll be told what comes of it." in elsewhere.text
    assert [button.label for row in elsewhere.rows for button in row] == ["See all of it"]


# --- in numbers -----------------------------------------------------------------------------------


async def test_the_team_sees_true_numbers_by_theme_and_area(any_house):
    worker = await any_house.staff("worker")

    def some(db):
        for n, (theme, area) in enumerate([("safe", "North End"), ("safe", "Riverside"), ("healthy", "")]):
            raised(db, somebody(db, f"y{n}"), theme=theme, area=area)

    await any_house.run(some)
    await worker.types("/inbox")
    await worker.taps("In numbers")
    assert "· Safe and secure: 2, of which 2 wait (North End 1, Riverside 1)" in worker.sees
    assert "· Healthy: 1, of which 1 wait" in worker.sees
    any_house.clock.on(days=91)
    await any_house.staff_stay()
    await worker.types("/inbox")
    await worker.taps("In numbers")
    assert "Nothing was raised." in worker.sees


async def test_a_young_reviewer_sees_a_quarter_that_is_over_with_small_numbers_hidden(any_house):
    reviewer = await any_house.staff("reviewer")
    await reviewer.joins()
    await reviewer.types("/inbox")
    assert "Fewer than 6 people raised something" in reviewer.sees

    def some(db):
        for n in range(40):
            theme = "safe" if n < 20 else "healthy" if n < 36 else "learning"
            raised(db, somebody(db, f"y{n}"), theme=theme, area="North End")

    await any_house.run(some)
    await reviewer.types("/inbox")
    assert "Fewer than 6 people" in reviewer.sees  # this quarter is not over
    any_house.clock.on(days=32)
    await reviewer.types("/home")
    await reviewer.taps("What people raise")
    assert "from 1 October 2026 to 31 December 2026" in reviewer.sees
    assert "40 people raised something." in reviewer.sees
    assert "16 of 40 people said Healthy." in reviewer.sees
    assert "4 of 40" not in reviewer.sees
    assert (
        "We hide these numbers, so that nobody can be picked out: Learning or Safe and secure."
        in reviewer.sees
    )
    before = reviewer.sees
    await any_house.run(lambda db: people.forget(db, people.door_at(db, TELEGRAM, "y0").person.id))
    await reviewer.types("/inbox")
    assert reviewer.sees == before


async def test_a_young_reviewer_reads_no_words(house):
    reviewer = await house.staff("reviewer")
    await reviewer.joins()
    await house.run(lambda db: raised(db, somebody(db, "y"), "the quetzal stop"))
    for command in ("/inbox 1", "/inbox wave 1", "/inbox"):
        await reviewer.types(command)
        assert "quetzal" not in reviewer.sees


def test_a_reviewer_sees_numbers_after_the_small_number_rule(house):
    _ = house.runtime.library.words("en", None)
    quarter = Quarter(
        date(2026, 10, 1),
        date(2026, 12, 31),
        40,
        {"safe": 20, "healthy": 16, "learning": 4},
        {"North End": 40},
        40,
    )
    hidden = hide_small(as_results(quarter, _), 6)
    shown = {cell.name: cell.count for cell in hidden.questions[0].cells}
    assert (shown["learning"], shown["healthy"]) == (None, 16)
    assert [cell.count for cell in hidden.questions[1].cells] == [40]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 12, 1), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 6, 30), date(2027, 1, 1), date(2027, 3, 31)),
    ],
)
def test_the_quarter_before(day, first, last):
    assert last_quarter(day) == (first, last)


async def test_reading_one_that_was_never_there_is_not_written_down(house):
    from sqlalchemy import select

    from storage.tables import audit

    await house.run(lambda db: inbox.mark_read(db, member(db), ReadIssue(99)))
    did = await house.run(lambda db: db.run(select(audit.c.did)).scalars().all())
    assert "read an issue" not in did
