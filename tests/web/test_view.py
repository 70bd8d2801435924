"""Messages become parts of a page: lists, long options, asides, links. No browser needed."""

from conversations.core.messages import Choice, Link, Say
from handlers.web.view_model import Block, Button, answerable_view, blocks, past_view


def test_empty_lines_part_paragraphs_and_single_ones_break_lines() -> None:
    assert blocks("one\ntwo\n\nthree") == (
        Block("paragraph", ("one", "two")),
        Block("paragraph", ("three",)),
    )


def test_a_list_may_follow_its_paragraph_without_an_empty_line() -> None:
    assert blocks("First:\n· a\n· b\nlast") == (
        Block("paragraph", ("First:",)),
        Block("bullets", ("a", "b")),
        Block("paragraph", ("last",)),
    )


def test_numbered_items_keep_the_numbers_they_were_given() -> None:
    assert blocks("6. six\n7. seven") == (Block("numbers", ("six", "seven"), (6, 7)),)


def test_a_time_or_a_sum_is_no_list() -> None:
    assert blocks("20:30 is late.\n1.5 hours") == (Block("paragraph", ("20:30 is late.", "1.5 hours")),)


def test_no_words_are_no_blocks() -> None:
    assert blocks(" \n\n ") == ()


def test_long_options_move_from_the_text_onto_their_own_buttons() -> None:
    rows = ((Choice("0", "1"), Choice("1", "2")), (Choice("more", "More"),))
    view = answerable_view(Say("Two are open:\n\n1. Buses\n2. The hub", rows=rows, visit=4), lang="en")
    assert view.blocks == (Block("paragraph", ("Two are open:",)),)
    assert view.rows == (
        (Button("4:0", "Buses", number="1"),),
        (Button("4:1", "The hub", number="2"),),
        (Button("4:more", "More"),),
    )


def test_a_list_stays_in_the_text_when_any_item_lacks_its_button() -> None:
    view = answerable_view(Say("1. Buses\n2. The hub", rows=((Choice("0", "1"),),)), lang="en")
    assert view.blocks == blocks("1. Buses\n2. The hub")
    assert view.rows[0][0].label == "1"


def test_a_list_stays_in_the_text_if_a_number_is_repeated() -> None:
    text = "1. Buses\n\nand\n\n1. The hub"
    rows = ((Choice("0", "1"), Choice("1", "1")),)
    assert answerable_view(Say(text, rows=rows), lang="en").blocks == blocks(text)


def test_an_old_message_keeps_its_whole_text() -> None:
    say = Say("1. Buses\n2. The hub", rows=((Choice("0", "1"), Choice("1", "2")),))
    assert past_view(say, lang="en").blocks == blocks(say.text)


def test_asides_leave_the_answers_and_keep_their_order() -> None:
    say = Say(
        "x", rows=((Choice("y", "Yes"), Choice("s", "Skip", aside=True)), (Choice("t", "Stop", aside=True),))
    )
    view = answerable_view(say, lang="en")
    assert [[one.label for one in row] for row in view.rows] == [["Yes"]]
    assert [one.label for one in view.aside] == ["Skip", "Stop"]


def test_an_emoji_at_a_labels_end_is_kept_apart_and_one_alone_is_not() -> None:
    view = answerable_view(
        Say(
            "x",
            rows=((Choice("a", "Safe 😀"), Choice("b", "👍🏽"), Choice("c", "Ja ✌🏽"), Choice("d", "A B")),),
        ),
        lang="en",
    )
    assert [(one.label, one.emoji) for one in view.rows[0] if isinstance(one, Button)] == [
        ("Safe", "😀"),
        ("👍🏽", ""),
        ("Ja", "✌🏽"),
        ("A B", ""),
    ]


def test_only_addresses_that_a_page_may_open_become_links() -> None:
    bad = ("javascript:alert(1)", "data:text/html,x", "//elsewhere.example", "vbscript:x", " javascript:x")
    good = ("https://example.org", "tel:999", "sms:85258", "/changed", "mailto:a@example.org")
    view = answerable_view(
        Say("x", rows=tuple((Link("go", address),) for address in (*bad, *good))), lang="en"
    )
    assert tuple(one.address for one in view.ways) == good


def test_commands_behind_buttons_are_known_among_the_rest() -> None:
    view = answerable_view(
        Say("x", rows=((Choice("/changed", "See it"), Choice("0", "Yes")),), visit=3), lang="en"
    )
    assert [one.value for one in view.commands] == ["3:/changed"]


def test_a_single_line_that_asks_is_the_heading_unless_there_is_one() -> None:
    assert answerable_view(Say("How safe?\n\nBe honest."), lang="en").question == "How safe?"
    assert answerable_view(Say("ما مدى؟"), lang="ar").question == "ما مدى؟"
    assert (
        answerable_view(Say("Tell us about it.\nAs you like.", progress=(1, 2)), lang="en").question
        == "Tell us about it."
    )
    assert answerable_view(Say("How safe?", heading="Buses"), lang="en").question == ""
    assert answerable_view(Say("Hello.\nHow safe?"), lang="en").question == ""
    assert answerable_view(Say(""), lang="en").question == ""
