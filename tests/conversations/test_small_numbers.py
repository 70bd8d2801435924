"""Small numbers: what is published of a table, and what a reader who knows the rule can make of it."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.consultations.form import Form, Question
from conversations.consultations.kinds.registry import KINDS
from conversations.results.counting import (
    QuestionResult,
    Results,
    Tally,
    TallyCell,
    hide_small,
    participants_sentence,
    result_sentences,
    to_results,
)
from tests.conversations.test_counting import BUSES, EN, SAFETY, buses, said, tally


def published(*tallies: Tally, people: int = 22, smallest: int = 6) -> dict[str, QuestionResult]:
    true = to_results(BUSES, tallies, people=people, words=EN)
    return {q.name: q for q in hide_small(true, smallest).questions}


def counts(result: QuestionResult) -> list[int | None]:
    return [cell.count for cell in result.cells]


def test_true_results_are_not_touched_by_hiding():
    true = to_results(BUSES, [tally("safe", SAFETY)], people=22, words=EN)
    hide_small(true)
    assert counts(true.questions[0]) == [0, 2, 14, 6]


def test_a_small_cell_is_hidden_with_another_that_would_reveal_it():
    result = published(tally("safe", {"safe": 8, "mostly": 3, "notvery": 6, "not": 13}, None, 30), people=30)[
        "safe"
    ]
    assert counts(result) == [8, None, None, 13]
    assert said(result) == (
        "8 of 30 people said Safe.\n"
        "13 of 30 people said Not safe.\n"
        "9 people said Mostly safe or Not very safe.\n"
        "We hide the exact numbers, so that nobody can be picked out."
    )


def test_a_cell_of_nobody_is_shown_but_hides_nobody_else():
    result = published(tally("safe", {"safe": 2, "mostly": 0, "notvery": 9, "not": 11}))["safe"]
    assert counts(result) == [None, 0, None, 11]


def test_two_small_cells_that_only_make_a_small_number_take_a_third_with_them():
    assert counts(published(tally("safe", {"safe": 10, "mostly": 9, "notvery": 1, "not": 2}))["safe"]) == [
        10, None, None, None,
    ]  # fmt: skip


def test_small_cells_that_cover_each_other_leave_the_finding_alone():
    assert counts(published(tally("safe", {"safe": 3, "mostly": 5, "notvery": 14}))["safe"]) == [
        None,
        None,
        14,
        0,
    ]


def test_a_few_who_skipped_are_a_small_cell_too():
    result = published(tally("safe", {"safe": 0, "mostly": 7, "notvery": 12}))["safe"]
    assert (result.answered, result.skipped, counts(result)) == (None, None, [0, 7, None, 0])
    assert said(result) == (
        "Nobody said Safe.\n"
        "7 of 22 people said Mostly safe.\n"
        "Nobody said Not safe.\n"
        "15 people said Not very safe, or did not answer.\n"
        "We hide the exact numbers, so that nobody can be picked out."
    )


def test_if_hiding_leaves_nothing_the_question_is_withheld():
    result = published(tally("safe", {"safe": 19, "not": 3}))["safe"]
    assert result.withheld
    assert said(result) == (
        "22 people answered.\nWe don't show what they said, so that nobody can be picked out."
    )


def test_a_question_that_few_answered_shows_nothing():
    result = published(tally("where", {"safe": 5}, answered=5))["where"]
    assert (result.answered, result.skipped, result.cells) == (None, None, ())
    assert said(result) == "We don't show this one, so that nobody can be picked out."


def test_among_several_choices_a_few_who_left_one_out_are_hidden_as_well():
    result = published(tally("where", {"safe": 19, "mostly": 12, "notvery": 8}, answered=22))["where"]
    assert counts(result) == [None, None, 8]
    assert "We hide these numbers, so that nobody can be picked out: Safe or Mostly safe." in said(result)


def test_those_who_left_a_choice_out_are_hidden_if_they_might_be_few():
    result = published(tally("where", {"safe": 15, "mostly": 9, "notvery": 8}, answered=19))["where"]
    assert counts(result) == [None, None, 8]  # 19 is hidden, for 3 skipped: 15 of 22 could be 15 of 17


def test_a_scale_with_a_few_at_one_end_shows_only_its_average():
    result = published(tally("often", {"0": 2, "2": 8, "4": 12}))["often"]
    assert (result.cells, result.mean, result.lowest, result.highest) == ((), 2.9, None, None)
    assert said(result) == "22 people answered.\nThe average is 2.9."


def test_a_scale_without_small_numbers_shows_everything():
    true = tally("often", {"1": 10, "4": 12})
    assert published(true)["often"] == buses(true)["often"]


def test_an_average_close_to_the_end_of_its_scale_is_withheld():
    assert published(tally("often", {"0": 21, "3": 1}))["often"].withheld


def test_an_average_does_not_tell_that_just_enough_people_answered():
    form = Form("f", {"en": "F"}, (Question("q", "range", {"en": "Q"}, end=10),))
    true = to_results(form, [Tally("q", 6, {"2": 1, "5": 4, "8": 1}, 1)], people=7, words=EN)
    assert hide_small(true).questions[0].withheld


def test_one_huge_number_is_neither_the_highest_nor_a_cell():
    result = published(tally("buses", {"1": 12, "2": 9, "999": 1}))["buses"]
    assert result.highest is None
    assert not any("999" in sentence for sentence in result_sentences(result, EN))


def test_how_many_were_asked_next_does_not_give_an_earlier_hidden_cell_away():
    results = published(
        tally("safe", {"safe": 10, "mostly": 0, "notvery": 4, "not": 8}), Tally("why", 8, {}, 14)
    )
    assert results["safe"].cells[3].count is None
    assert results["why"].withheld
    assert results["why"].answered is None


def test_the_number_who_wrote_is_hidden_if_only_a_few_did_not():
    form = Form("f", {"en": "F"}, (Question("q", "text", {"en": "Q"}),))
    true = to_results(form, [Tally("q", 20, {}, 2)], people=22, words=EN)
    assert hide_small(true).questions[0].withheld


def test_a_consultation_of_few_says_only_that():
    true = to_results(BUSES, [tally("safe", {"safe": 5}, people=5)], people=5, words=EN)
    hidden = hide_small(true)
    assert hidden == Results("Buses after school", None, (), 6)
    assert (
        participants_sentence(hidden, EN) == "Fewer than 6 people took part, so we don't show what they said."
    )


def test_no_team_may_go_under_five():
    true = to_results(BUSES, [], people=22, words=EN)
    with pytest.raises(ValueError, match="under 5"):
        hide_small(true, 4)


# --- attacks: a reader who knows this very code and every total that is shown -----------------------

Table = tuple[int, ...]  # how many gave each answer; the last number is how many skipped


def results_of(kind: str, table: Table, people: int) -> Results:
    *given, skipped = table
    numbers = [(value, n) for value, n in enumerate(given) if n or kind != "integer"]
    answered = people - skipped
    scale = kind in {"range", "integer"} and answered
    question = QuestionResult(
        name="q",
        shape=KINDS[kind].shape,
        label="q",
        people=people,
        answered=answered,
        skipped=skipped,
        cells=tuple(TallyCell(str(value), str(value), n) for value, n in numbers),
        mean=round(sum(value * n for value, n in numbers) / answered, 1) if scale else None,
        lowest=min(value for value, n in numbers if n) if scale else None,
        highest=max(value for value, n in numbers if n) if scale else None,
    )
    return Results("t", people, (question,))


def tables(kind: str, people: int, cells: int) -> Iterator[Table]:
    if kind == "select_multiple":
        for skipped in range(people + 1):
            for given in product(range(people - skipped + 1), repeat=cells):
                if sum(given) >= people - skipped:
                    yield (*given, skipped)
    else:
        for given in product(range(people + 1), repeat=cells):
            if sum(given) <= people:
                yield (*given, people - sum(given))


def hidden_places(shown: QuestionResult, cells: int) -> set[int]:
    seen = {int(cell.name) for cell in shown.cells if cell.count is not None}
    skipped = {cells} if shown.skipped is None else set()
    return {place for place in range(cells) if place not in seen} | skipped


def is_small(table: Table, place: int, kind: str, people: int, smallest: int) -> bool:
    left_out = (
        people - table[-1] - table[place] if kind == "select_multiple" and place < len(table) - 1 else 0
    )
    return 0 < table[place] < smallest or 0 < left_out < smallest


@pytest.mark.parametrize(
    ("kind", "people", "cells", "smallest"),
    [
        ("select_one", 6, 3, 6),
        ("select_one", 12, 4, 6),
        ("select_one", 16, 3, 6),
        ("select_one", 24, 3, 6),
        ("select_one", 24, 3, 5),
        ("select_one", 40, 2, 10),
        ("select_multiple", 7, 3, 6),
        ("select_multiple", 14, 3, 6),
        ("select_multiple", 24, 2, 5),
        ("range", 20, 2, 6),
        ("range", 7, 4, 6),
        ("range", 12, 4, 6),
        ("range", 13, 3, 6),
        ("range", 20, 3, 6),
        ("range", 24, 3, 5),
        ("integer", 12, 4, 6),
        ("integer", 20, 3, 6),
    ],
)
def test_nobody_can_work_a_hidden_number_out(kind, people, cells, smallest):
    """Every table there can be is published; whoever sees one finds each hidden small number still open."""
    alike = defaultdict(list)
    for table in tables(kind, people, cells):
        alike[hide_small(results_of(kind, table, people), smallest)].append(table)
    for shown, possible in alike.items():
        for place in hidden_places(shown.questions[0], cells):
            numbers = {table[place] for table in possible}
            small = any(is_small(table, place, kind, people, smallest) for table in possible)
            assert not small or len(numbers) > 1, (shown, place, possible[:3])


@pytest.mark.parametrize(
    ("people", "cells", "exactly"), [(14, 3, 1), (14, 3, 2), (18, 3, 2), (14, 4, 3), (40, 2, 1)]
)
def test_a_form_that_asks_for_an_exact_number_of_choices_gives_none_away(people, cells, exactly):
    """There the choices add up to so many times those who answered, which a reader of the form knows.

    How many skipped such a question can now and then be worked out, once there are more than two choices.
    """
    alike = defaultdict(list)
    for table in tables("select_multiple", people, cells):
        if sum(table[:-1]) == exactly * (people - table[-1]):
            alike[hide_small(results_of("select_multiple", table, people))].append(table)
    for shown, possible in alike.items():
        for place in hidden_places(shown.questions[0], cells) - ({cells} if cells > 2 else set()):
            assert len({table[place] for table in possible}) > 1, (shown, possible)


@given(st.lists(st.integers(0, 25), min_size=2, max_size=7), st.integers(0, 12), st.integers(5, 12))
@example([1, 1, 1, 1, 1, 1, 12], 0, 6)
def test_another_table_would_be_published_just_the_same(given_counts, skipped, smallest):
    """Tables too large to try all: for each hidden small cell, a few people elsewhere change nothing to be seen."""
    table = (*given_counts, skipped)
    people, cells = sum(table), len(given_counts)
    shown = hide_small(results_of("select_one", table, people), smallest)
    if not shown.questions:
        return
    hidden = hidden_places(shown.questions[0], cells)
    for place in hidden:
        if not is_small(table, place, "select_one", people, smallest):
            continue
        assert any(
            hide_small(results_of("select_one", other, people), smallest) == shown
            for other in moved(table, place, hidden)
        ), (table, place)


def moved(table: Table, place: int, hidden: set[int]) -> Iterator[Table]:
    """Tables in which a few people moved between this hidden cell and one or two other hidden ones."""
    steps = [n for n in range(-table[place], 8) if n]
    for first, second in product(hidden - {place}, repeat=2):
        for total in steps:
            for part in range(min(0, total), max(0, total) + 1):
                other = list(table)
                other[place] += total
                other[first] -= part
                other[second] -= total - part
                if min(other) >= 0:
                    yield tuple(other)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6), st.integers(0, 30), st.integers(5, 12))
def test_nothing_small_is_ever_published(given_counts, skipped, smallest):
    table = (*given_counts, skipped)
    people = sum(table)
    for kind in ("select_one", "range"):
        for question in hide_small(results_of(kind, table, people), smallest).questions:
            numbers = [question.answered, question.skipped, *(cell.count for cell in question.cells)]
            assert not [n for n in numbers if n is not None and 0 < n < smallest]
            if question.answered is None and not question.withheld:
                told = sum(cell.count or 0 for cell in question.cells)
                assert people - told >= smallest
