"""The notice and /privacy say all that Article 13 of the UK GDPR asks, to everybody, in the chat and on the page."""

import pytest

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.messages import Choice
from conversations.core.person import Person
from conversations.people.parents import parents_text
from conversations.people.privacy import SECTIONS, privacy_text, section_text
from tests.everything import SPOKEN
from tests.house import House, make_house, sample_rules

# What each must name, in whatever language: the settings and the numbers that are the same everywhere.
ASKED = {
    "who decides, and the address": "1 High Street",
    "the data protection officer": "dpo@sampleshire.example",
    "the lawful basis": "We must ask young people by law.",
    "who else gets some of it": "Sampleshire Hosting",
    "in which country": "the UK",
    "a company abroad": "Telegram",
    "how long words stay": "365",
    "how long the rest stays": "24",
    "how long backups stay": "30",
    "how long the erasure log stays": "400",
    "see it": "/mydata",
    "take a yes back": "/delete",
    "whom to ask to correct, object or restrict, and to complain to": "youthvoice@sampleshire.example",
    "the authority": "ico.org.uk",
}
ENGLISH = {
    "a machine looks": "A machine looks through everything you write",
    "a complaint is answered": "within 30 days that we got it",
    "correct, object, restrict": "put it right, to stop using it, or to keep it but not use it",
    "the cookie": "keeps a cookie",
    "what stays": "What stays then",
    "nobody has to": "You don't have to take part",
    "people outside the team who help": "a social worker, a doctor, the police",
    "no decision by a machine": "A machine never decides anything about you",
}


def whole(house: House, language: str, version: str, channel) -> str:
    facts = house.runtime.facts(house.clock(), Person(1, language, version), channel, {})
    return "\n".join((privacy_text(facts), *(section_text(one, facts) for one in SECTIONS)))


@pytest.mark.parametrize("spoken", SPOKEN, ids="-".join)
@pytest.mark.parametrize("channel", [TELEGRAM, WEB], ids=lambda one: one.name)
def test_privacy_names_all_that_article_13_asks(house: House, spoken, channel):
    said = whole(house, *spoken, channel)
    assert [what for what, named in ASKED.items() if named not in said] == []


def test_in_english_it_says_the_rest_too(house: House):
    said = whole(house, "en", "normal", WEB)
    assert [what for what, words in ENGLISH.items() if words not in said] == []


async def test_the_short_of_it_comes_first_and_each_heading_says_more(house: House):
    sam = house.person()
    await sam.types("/start")
    said = await sam.types("/privacy")
    assert [choice.label for row in said[0].rows for choice in row] == [one.heading for one in SECTIONS]
    assert "dpo@sampleshire.example" not in said[0].text
    await sam.taps("Who is in charge")
    assert "dpo@sampleshire.example" in sam.heard[-2].text
    assert "[English]" in sam.sees  # the question that was open before stands there again


async def test_what_the_team_has_not_filled_in_leaves_no_gap(sqlite):
    empty = dict.fromkeys(("controller", "dpo_contact", "lawful_basis", "recipients", "hosted_in"), "")
    said = whole(make_house(sqlite, **empty), "en", "normal", WEB)
    assert "Sampleshire Youth Voice decides what I keep" in said
    assert not [line for line in said.splitlines() if line.endswith(": ")]


def test_a_company_abroad_is_not_named_where_nobody_can_write_to_it(sqlite):
    assert "Telegram" not in whole(make_house(sqlite, accounts={}), "en", "normal", WEB)


async def test_yes_and_no_to_the_notice_weigh_the_same(house: House):
    sam = house.person()
    await sam.types("/start")
    await sam.taps("English")
    await sam.taps("Normal")
    (yes, no), (more,), *_ = (
        [one.label for one in row if isinstance(one, Choice)] for row in sam.heard[-1].rows
    )
    assert (yes, no, more) == ("OK", "No thanks", "Tell me more")


@pytest.mark.parametrize("spoken", SPOKEN, ids="-".join)
def test_parents_read_who_sees_what_and_whom_to_ask(house: House, spoken):
    facts = house.runtime.facts(house.clock(), Person(1, *spoken), WEB, {})
    said = parents_text(facts)
    for named in (sample_rules().organisation, sample_rules().contact, "999", "/mydata", "/delete", "13"):
        assert named in said
