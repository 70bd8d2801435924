"""An answer that other questions hang on is changed: what hung on it is set aside, comes back, and what matters is asked."""

from sqlalchemy import select

from bot.cli.play import open_now
from handlers import announcements
from storage.consultations import answers
from storage.consultations.consultations import consultation
from storage.outbox import outbox as queued
from storage.results import counts
from storage.tables import answers as answers_table
from storage.tables import outbox
from tests.house import as_text
from tests.sample_forms import KINDS

ASIDE, BACK = "doesn't count for now", "counts again"
WHY = "there is nothing for me"


async def said_never(house):
    """Somebody who never comes, said why, and finished."""
    await house.run(lambda db: open_now(db, KINDS))
    sam = house.person()
    await sam.joins()
    await sam.types("/say")
    for move in ("Start", "Go on", "OK"):
        await sam.taps(move)
    await sam.types("Never")
    await sam.types(WHY)
    for _ in range(4):
        await sam.taps("Skip")
    await sam.taps("Done")
    return sam


async def changes_visit(someone, to):
    """Changes how often they come, with the buttons."""
    await someone.types("/say 1")
    await someone.taps("Change my answers")
    await someone.taps("Change an answer")
    await someone.taps("2")
    return await someone.types(to)


async def tallies(house):
    found = await house.run(lambda db: counts.count_now(db, 1))
    return {one.question: one.answered for one in found.tallies}


async def exported(house):
    (row,) = await house.run(lambda db: list(answers.rows_for_export(db, 1, consultation(db, 1).form)))
    return row.answers


async def told(house):
    """What is told by itself after an edit, newest last."""

    def build(db):
        found = db.run(select(outbox).where(outbox.c.kind == "weighed").order_by(outbox.c.id)).all()
        return [announcements.build(house.runtime, db, queued.message_of(db, row)) for row in found]

    return await house.run(build)


async def test_no_yes_no_keeps_what_hung_on_it_and_says_so_each_time(any_house):
    sam = await said_never(any_house)
    says = await changes_visit(sam, "Once or more every week")
    assert ASIDE in says[0].text
    assert "Which rooms should it have?" in sam.sees  # what matters now is asked
    await sam.types("Kitchen")
    says = await changes_from_review(sam, "Never")
    assert ASIDE in says[0].text
    assert BACK in says[0].text
    assert WHY in sam.sees  # not asked again
    says = await changes_from_review(sam, "Once or more every week")
    assert "Kitchen" in sam.sees


async def changes_from_review(someone, to):
    await someone.taps("Change an answer")
    await someone.taps("2")
    return await someone.types(to)


async def test_set_aside_it_looks_unanswered_in_counts_exports_and_lists(any_house):
    sam = await said_never(any_house)
    assert (await tallies(any_house))["never_why"] == 1
    await changes_visit(sam, "Once or more every week")
    assert "never_why" not in await tallies(any_house)
    assert "never_why" not in await exported(any_house)
    assert await any_house.run(lambda db: answers.texts(db, 1, "never_why", 0, 9)) == ((), 0)
    assert await any_house.run(lambda db: answers.text(db, 1, 1, "never_why")) is None
    await sam.types("Kitchen")
    await changes_from_review(sam, "Never")
    assert (await tallies(any_house))["never_why"] == 1
    assert (await exported(any_house))["never_why"] == WHY
    assert "rooms" not in await exported(any_house)


async def test_before_it_is_finished_it_does_not_count_either(house):
    await house.run(lambda db: open_now(db, KINDS))
    sam = house.person()
    await sam.joins()
    await sam.types("/say")
    for move in ("Start", "Go on", "OK"):
        await sam.taps(move)
    await sam.types("Never")
    await sam.types(WHY)
    await sam.taps("Back")
    await sam.taps("Back")
    says = await sam.types("Now and then, when something is on")
    assert ASIDE in says[0].text
    assert "never_why" not in await tallies(house)


async def test_its_writer_sees_and_deletes_it_all_the_same(any_house):
    sam = await said_never(any_house)
    await changes_visit(sam, "Once or more every week")
    await sam.types("/mydata")
    assert any(WHY in as_text(say) for say in sam.heard[-2:])
    await sam.types("/delete")
    await sam.taps("Yes, delete it")
    assert await any_house.run(lambda db: db.run(select(answers_table)).all()) == []


async def test_an_edited_message_does_the_same_and_says_what_it_changed(any_house):
    sam = await said_never(any_house)
    sam.said -= 1  # the message that said "Never"
    await sam.edits("Once or more every week")
    assert "I've changed your answer" in sam.heard[-2].text
    (say,) = await told(any_house)
    assert ASIDE in say.text
    assert "something more to ask" in say.text
    await sam.types(f"{say.rows[0][0].key}")
    await sam.taps("Go on")
    assert "Which rooms should it have?" in sam.sees
    await sam.types("Kitchen")
    await sam.taps("Done")
    await sam.edits("Never")
    assert "doesn't count for now" in (await told(any_house))[-1].text
    assert (await tallies(any_house))["never_why"] == 1


async def test_an_edit_that_changes_nothing_else_says_nothing_else(house):
    sam = await said_never(house)
    await sam.edits("there is no bus")
    assert await told(house) == []
    assert (await exported(house))["never_why"] == "there is no bus"


async def test_what_nothing_hangs_on_says_nothing(house):
    sam = await said_never(house)
    await sam.taps("Change an answer")
    await sam.taps("Change an answer")
    await sam.taps("7")
    says = await sam.types("a garden")
    assert not any(ASIDE in say.text for say in says)
