"""The pages that the footer of every page leads to: privacy, for parents and carers, accessibility."""

import re

import pytest

from tests.web.serving import Served

# Sentences of the model accessibility statement that the 2018 regulations ask for.
REQUIRED = (
    "This accessibility statement applies to",
    "is committed to making its website accessible, in accordance with the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018.",
    "This website is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard, due to the non-compliances listed below.",
    "The content listed below is non-accessible for the following reasons.",
    "The Equality and Human Rights Commission (EHRC) is responsible for enforcing the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
    "If you are not happy with how we respond to your complaint, contact the Equality Advisory and Support Service (EASS).",
    "This statement was prepared on",
    "It was last reviewed on",
    "This website was last tested on",
)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html.partition("<main")[2].partition("</main>")[0]))


@pytest.mark.parametrize("address", ["/", "/changed", "/help", "/privacy", "/parents", "/accessibility"])
async def test_every_page_leads_to_them(door: Served, address: str):
    async with door.browser() as ana:
        await ana.opens(address)
        for page in ("/privacy", "/parents", "/accessibility"):
            assert f'href="{page}' in ana.page.html.partition('<footer class="foot">')[2]


async def test_privacy_has_the_short_of_it_and_all_of_it(door: Served):
    async with door.browser() as ana:
        await ana.opens("/privacy")
        said = text_of(ana.page.html)
        headings = ("Who is in charge", "Who gets to see it", "How long I keep it", "What you can ask for")
        assert [said.index(heading) for heading in headings] == sorted(map(said.index, headings))
        assert said.index("A machine looks through") < said.index(headings[0])


async def test_parents_read_what_their_children_are_told(door: Served):
    async with door.browser() as ana:
        await ana.opens("/parents")
        said = text_of(ana.page.html)
        assert "see what a young person wrote" in said
        assert said.index("What we tell young people") < said.index("How long I keep it")


async def test_the_accessibility_statement_has_the_sentences_that_the_law_asks_for(door: Served):
    async with door.browser() as ana:
        await ana.opens("/accessibility")
        said = text_of(ana.page.html)
        assert [sentence for sentence in REQUIRED if sentence not in said] == []
        assert door.house.runtime.rules.contact in said
