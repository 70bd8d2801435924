"""/help and /rights: in the middle of anything, for anybody."""

import pytest

from tests.house import as_text


@pytest.mark.parametrize("command", ["/help", "/rights"])
async def test_in_the_middle_of_joining_help_comes_and_the_question_stays(house, command):
    young = house.person()
    await young.types("/start")
    question = young.sees
    await young.types(command)
    told = as_text(young.heard[-2])
    assert "999" in told
    assert "0800 1111" in told
    assert young.sees == question


async def test_help_shows_lines_for_ones_own_age(house):
    young = house.person()
    await young.joins("18–25")
    await young.types("/help")
    told = as_text(young.heard[-2])
    assert "Samaritans" in told
    assert "/say: have your say" in told


async def test_rights_name_advocates_and_where_to_complain(house):
    young = house.person()
    await young.joins()
    await young.types("/rights")
    told = as_text(young.heard[-2])
    assert "Always Heard" in told
    assert "Ombudsman" in told
    assert "youthvoice@sampleshire.example" in told


@pytest.mark.parametrize(
    ("role", "has", "lacks"),
    [
        ("owner", ("/consult", "/results", "/outcome", "/cases", "/team"), ()),
        ("worker", ("/consult", "/results", "/team"), ("/cases",)),
        ("decider", ("/outcome", "/results"), ("/consult", "/cases")),
        ("safeguarding", ("/cases", "/team"), ("/consult", "/results")),
    ],
)
async def test_staff_read_what_their_role_may_do(house, role, has, lacks):
    member = await house.staff(role)
    await member.types("/help")
    told = as_text(member.heard[-2])
    assert all(command in told for command in has)
    assert not any(command in told for command in lacks)
