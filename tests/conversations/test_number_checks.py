"""Figures as councils really typed them: wrong ones are questioned, and right ones left alone."""

import pytest

from conversations.outcomes.number_checks import doubts

# --- what is asked about: what was typed, how many took part, and what is said ----------------------------

WRONG = [
    ("72 % said yes, 24 % said no and 5 % did not know.", 0, "These add up to 101 %: 72 % + 24 % + 5 %."),
    ("72% said yes, 24% no, 5% did not say", 0, "These add up to 101 %: 72 % + 24 % + 5 %."),
    ("72 per cent yes, 24 per cent no, 5 per cent unsure", 0, "These add up to 101 %: 72 % + 24 % + 5 %."),
    ("It was 72 % + 24 % + 5 %.", 0, "These add up to 101 %: 72 % + 24 % + 5 %."),
    ("72 + 24 + 5 = 101 %", 0, "These add up to 101 %: 72 + 24 + 5."),
    ("72 + 24 + 5 = 100", 0, "72 + 24 + 5 is 101, not 100."),
    ("72 + 24 + 5 = 100 %", 0, "72 + 24 + 5 is 101, not 100."),
    ("Of 676 letters 250 were answered: 212 + 35 + 4 = 250.", 0, "212 + 35 + 4 is 251, not 250."),
    ("250 were answered (212 / 35 / 4).", 0, "212 / 35 / 4 is 251, not 250."),
    ("We got 1,200 + 300 = 1,600 answers.", 0, "1,200 + 300 is 1500, not 1600."),
    ("33.3 % yes, 33.3 % no, 33.3 % maybe", 0, "These add up to 99.9 %: 33.3 % + 33.3 % + 33.3 %."),
    ("25 of 22 want lamps", 0, "25 of 22: that is more than there are."),
    ("676 out of 250 letters were answered", 0, "676 of 250: that is more than there are."),
    ("25 z 22 osób chce lamp", 0, "25 of 22: that is more than there are."),
    ("30 of you want lamps", 22, "It says 30 of you. Here, 22 took part."),
    ("14 of 30 of you want lamps", 22, "It says 30 of you. Here, 22 took part."),
    ("30 z was chce lamp", 22, "It says 30 of you. Here, 22 took part."),
]

# --- what is left alone -----------------------------------------------------------------------------

RIGHT = [
    ("We received 676 letters, of which 250 were answered.", 22),
    ("We got 676 letters; 250 of 676 have had an answer.", 22),
    ("250 answered: 212 yes, 35 no, 3 did not say.", 22),
    ("250 were answered (212 / 35 / 3).", 22),
    ("212 + 35 + 3 = 250", 22),
    ("72 % + 24 % + 4 %", 0),
    ("71 % said yes, 24 % said no and 5 % did not know.", 0),
    ("14 of 22 of you don't feel safe waiting at the stop on London Road.", 22),
    ("14 of 20 of you answered that question.", 22),
    ("22 of you took part.", 22),
    ("30 of you want lamps", 0),
    ("60 % of the girls and 45 % of the boys want lamps.", 0),
    ("Half like it: 86 % felt it was now a useful document.", 0),
    ("In 2019 it was 30 %, in 2020 34 % and in 2021 37 %.", 0),
    ("Prices rose by 3 %, wages by 2 % and rents by 8 %.", 0),
    ("Buses 16 and 7 run until 21:00; the 7 of 9 o'clock is the last.", 22),
    ("Open from 9 to 5, 7 days of the week.", 22),
    ("The council's plan of 2026 says 40 of 2026 lamps.", 22),
    ("5 + 5 young people on each side", 22),
    ("Call 0800 1111 or text 85258.", 22),
    ("Meet on 3/4/2027 (1 / 2 / 3).", 22),
    ("£1,200 of £1,500 is spent; 1,200 of 1,500 lamps stand.", 22),
    ("Three of two hundred", 22),
    ("", 22),
]


@pytest.mark.parametrize(("typed", "took_part", "said"), WRONG)
def test_a_wrong_sum_is_noticed_and_shown(typed, took_part, said):
    found = [doubt.words.format(**doubt.values) for doubt in doubts(typed, took_part)]
    assert found == [said]


@pytest.mark.parametrize(("typed", "took_part"), RIGHT)
def test_correct_and_unrelated_figures_are_left_alone(typed, took_part):
    assert doubts(typed, took_part) == ()


# --- the strategies that councils published ---------------------------------------------------------

# Word for word: nothing in them is wrong.
PUBLISHED = [
    "Feedback so far is good, in the first small survey 86% felt it was now a useful document.",
    "The group developed two written versions one for over 16s and one for under 16s and an animated DVD for under 7s and children and young people with learning disabilities.",
    "Teams of Young Commissioners have been established in each YAB area with 187 young people trained to date.",
    "When I came into care over 12 years ago things were quite different.",
    "The Children and Social Work Act 2017 sets out 7 Corporate Parenting Principles to achieve the best possible outcomes for our children and young people who live away from home.",
    "This strategy covers a three-year period from 2019 to 2022.",
    "Over 1,200 of these meetings take place every year.",
    "This strategy relates to children and young people from 0 to 18 and to care leavers and young people with disabilities up to the age of 25.",
    "Youth Cabinet: leadership group for young people aged 16-19.",
    "Primary Parliament: Twice-termly convention of year 5 and 6 children from city primary schools.",
    "Aim to provide up to 60 different public participation events and activities and involve up to 1000 children and young people",
]


@pytest.mark.parametrize("sentence", PUBLISHED)
def test_texts_published_by_councils_raise_no_false_alarm(sentence):
    assert doubts(sentence, 22) == ()


@pytest.mark.parametrize(
    "typed", ["9" * 4000 + " of 3", "1+" * 3000 + "1=2", "5 % " * 3000, "1/" * 3000, "1 " * 5000]
)
def test_ten_thousand_figures_are_looked_at_in_no_time(typed):
    doubts(typed[:10_000], 22)
