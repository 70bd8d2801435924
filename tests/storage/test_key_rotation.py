"""Key rotation: everything opens with the new key alone, nothing with the old one, and nobody is lost."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import LargeBinary, func, select

from conversations.core.channels import TELEGRAM, WEB
from conversations.core.person import Role
from conversations.core.record import replace
from storage import tables
from storage.consultations import answers
from storage.operations import key_rotation
from storage.people import people, return_codes
from storage.registry import SEALED
from storage.results import quotes
from storage.security import audit_log, audit_verify, key_checks
from storage.security.vault import KeyMismatch, Vault
from storage.team import members as team
from tests.crowd import HUB, add_crowd, open_hub
from tests.house import make_house
from tests.storage.test_at_rest import CHAT, LEAD, PAGE, TYPED, everything_happens

# Hashes of values that nobody has any more, so they cannot be recomputed: storage/security/key_checks.py stores what is
# needed to recognise them.
ONLY_HASHED = (
    tables.people.c.return_hash,
    tables.invites.c.token_hash,
    tables.challenges.c.hash,
    tables.quotes.c.hashed,
    tables.audit.c.stamp,
)

# What an authenticator gives out freely.
PUBLIC = (tables.passkeys.c.credential, tables.passkeys.c.public_key)

# The tables that identify the keys.
OF_KEYS = (tables.seals.c.key, tables.seals.c.sample, tables.retired_keys.c.key)

DOORS = next(one for one in SEALED if one.column is tables.doors.c.address)

OLD, NEW, NEXT = b"k" * 32, b"n" * 32, b"x" * 32


def with_keys(house, *keys, retired=()):
    """The same house, run with these keys."""
    found = make_house(house.runtime.database, house.clock)
    found.runtime = replace(found.runtime, vault=Vault(keys).with_retired(dict(retired)))
    found._updates = house._updates
    return found


async def with_what_is_stored(house, *keys):
    """The same, after a start with these keys."""
    vault = Vault(keys)
    await house.runtime.database.read(lambda c: key_checks.check(c, vault))
    return with_keys(
        house,
        *keys,
        retired=await house.runtime.database.read(lambda c: key_checks.retired_hashers(c, vault)),
    )


async def rotated(house, *keys, piece=3):
    """Rotates the key completely, in small pieces."""
    both = with_keys(house, *keys)
    await house.runtime.database.write(lambda c: key_checks.begin(c, both.runtime.vault))
    await both.run(key_rotation.begin)
    for one in SEALED:
        after = None
        while True:
            work = partial(key_rotation.reseal_piece, one=one, after=after, most=piece)
            _, after = await both.run(work)
            if after is None:
                break
    assert await both.run(key_rotation.finish)


async def begun(house):
    """A house in which everything happened; returns all that nobody may read."""
    await house.runtime.database.write(lambda c: key_checks.begin(c, house.runtime.vault))
    return await everything_happens(house)


async def opened(house):
    """All sealed values, opened."""

    def all_of(db):
        found = {}
        for one in SEALED:
            rows = db.run(select(one.column.table)).mappings().all()
            values = [(one, row) for row in rows if row[one.column.name]]
            found[str(one.column)] = [
                db.vault.open(row[one.column.name], one.context(row)) for one, row in values
            ]
        return found

    return await house.run(all_of)


# --- the list of what is sealed -----------------------------------------------------------------------


def test_every_column_of_bytes_is_known_to_be_sealed_hashed_or_about_keys():
    """A new column must be declared in SEALED beside its queries, or its values become unreadable after a rotation."""
    hashed_too = [one.hash_column for one in SEALED if one.hash_column is not None]
    known = [*(one.column for one in SEALED), *hashed_too, *ONLY_HASHED, *PUBLIC, *OF_KEYS]
    assert len({str(column) for column in known}) == len(known)
    found = {
        str(column)
        for table in tables.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert {str(column) for column in known} == found


async def test_the_listed_columns_are_exactly_those_that_are_sealed(any_house):
    await begun(any_house)
    await any_house.run(lambda db: key_checks.retire(replace(db, vault=Vault([OLD, NEW]))))
    found = await opened(any_house)
    assert [name for name, values in found.items() if not values] == [], "each of them is looked at"
    assert any(TYPED["an answer, changed"] in text for text in found["answers.sealed"])
    assert {CHAT, PAGE, LEAD} <= set(found["doors.address"])


# --- the change ---------------------------------------------------------------------------------------


async def test_afterwards_all_opens_with_the_new_key_alone_and_the_old_one_is_refused(any_house):
    await begun(any_house)
    before = await opened(any_house)
    await rotated(any_house, NEW, OLD)
    after = await with_what_is_stored(any_house, NEW)
    now = await opened(after)
    of_keys = ("audit_head.sealed", "retired_keys.sealed")
    kept = [str(one.column) for one in SEALED if str(one.column) not in of_keys]
    assert {name: sorted(now[name]) for name in kept} == {name: sorted(before[name]) for name in kept}
    with pytest.raises(KeyMismatch, match="does not open this database"):
        await any_house.runtime.database.read(lambda c: key_checks.check(c, Vault([OLD])))
    assert await after.run(key_rotation.count_left) == 0


async def test_people_continue_where_they_were(any_house):
    await begun(any_house)
    where = await any_house.run(lambda db: people.door_at(db, TELEGRAM, CHAT))
    await rotated(any_house, NEW, OLD)
    after = await with_what_is_stored(any_house, NEW)
    assert await after.run(lambda db: people.door_at(db, TELEGRAM, CHAT)) == where
    someone = after.person(CHAT)
    await someone.types("/mydata")
    assert TYPED["an answer, changed"] in someone.sees


async def test_consent_to_a_quote_holds_for_its_sentence_only(any_house):
    """Its hash is of the old key, which is retired."""
    await begun(any_house)
    await rotated(any_house, NEW, OLD)
    after = await with_what_is_stored(any_house, NEW)
    assert await after.run(lambda db: quotes.words_of(db, [1])) == {1: TYPED["an answer, changed"]}

    def changed(db):
        answers.replace(
            db, people.door_at(db, TELEGRAM, CHAT).person.id, 1, HUB.questions[1], "something else"
        )

    await after.run(changed)
    assert await after.run(lambda db: quotes.words_of(db, [1])) == {}


async def test_codes_invites_and_the_audit_log_stay_valid_after_a_key_rotation(any_house):
    await begun(any_house)
    door = await any_house.run(lambda db: people.door_at(db, WEB, PAGE))
    code = (await any_house.run(lambda db: return_codes.make_return_code(db, door, None)))["return_code"]
    token = await any_house.run(lambda db: team.invite(db, "worker"))
    for keys in ((NEW, OLD), (NEXT, NEW)):
        await rotated(await with_what_is_stored(any_house, *keys), *keys)
    after = await with_what_is_stored(any_house, NEXT)
    assert await after.run(lambda db: return_codes.person_by_return_code(db, code)) == door.person.id
    role: Role = "worker"
    assert (await after.run(lambda db: team.invitation(db, token))).role == role
    walk = await after.run(lambda db: audit_verify.walk_on(db, audit_verify.Walk()))
    walk = await after.run(lambda db: audit_verify.check_end(db, walk))
    assert walk.faults == ()
    assert walk.line >= 4


async def test_an_interrupted_rotation_continues_and_needs_both_keys_until_then(any_house):
    number = await any_house.run(open_hub)
    crowd = await any_house.run(lambda db: add_crowd(db, 20, consultation=number))

    def said(db):
        for person in crowd:
            answers.replace(db, person, number, HUB.questions[1], f"words of {person}")

    await any_house.run(said)
    await any_house.runtime.database.write(lambda c: key_checks.begin(c, any_house.runtime.vault))
    both = with_keys(any_house, NEW, OLD)
    await any_house.runtime.database.write(lambda c: key_checks.begin(c, both.runtime.vault))
    await both.run(key_rotation.begin)
    everything = await both.run(key_rotation.count_left)
    await both.run(lambda db: key_rotation.reseal_piece(db, DOORS, None, 7))
    assert await both.run(key_rotation.count_left) == everything - 7
    assert not await both.run(key_rotation.finish)
    for alone in (NEW, OLD):
        with pytest.raises(KeyMismatch, match="second key, which is not set"):
            await any_house.runtime.database.read(lambda c, key=alone: key_checks.check(c, Vault([key])))
    await rotated(any_house, NEW, OLD)
    assert await with_what_is_stored(any_house, NEW)


async def test_writes_during_a_rotation_are_not_lost(any_house):
    """Somebody changes the very answer that is being resealed: their change counts."""
    number = await any_house.run(open_hub)
    (person,) = await any_house.run(lambda db: add_crowd(db, 1, consultation=number))
    await any_house.run(lambda db: answers.replace(db, person, number, HUB.questions[1], "before"))
    both = with_keys(any_house, NEW, OLD)
    one = next(one for one in SEALED if one.column is tables.answers.c.sealed)

    def raced(db):
        read = db.run(select(one.column.table)).mappings().all()
        answers.replace(db, person, number, HUB.questions[1], "after")
        key_rotation._store(db, one, read)

    await both.run(raced)
    given = await both.run(lambda db: answers.load_all(db, person, {number: HUB}))
    assert given[number].answers == {"why": "after"}


async def test_a_person_who_writes_during_rehashing_is_recognised(any_house):
    """With one query for the new hash and one for the old, a door could be missed, and its person would be new."""
    await any_house.run(lambda db: add_crowd(db, 60))
    both = with_keys(any_house, NEW, OLD)
    await both.run(key_rotation.begin)

    async def hashed_anew():
        after = None
        while True:
            _, after = await both.run(partial(key_rotation.reseal_piece, one=DOORS, after=after, most=1))
            if after is None:
                return

    async def coming_in():
        for n in range(60):
            await both.run(lambda db, n=n: people.find_or_create_door(db, TELEGRAM, str(1000 + n)))

    await asyncio.gather(hashed_anew(), *(coming_in() for _ in range(3)))
    assert await both.run(lambda db: db.run(select(func.count()).select_from(tables.people)).scalar()) == 60


async def test_an_address_that_was_erased_stays_so(any_house):
    await begun(any_house)
    await any_house.run(lambda db: db.run(tables.cases.update().values(address=b"")))
    await rotated(any_house, NEW, OLD)
    rows = await any_house.run(lambda db: db.run(select(tables.cases.c.address)).scalars().all())
    assert set(rows) == {b""}


async def test_a_key_rotation_is_in_the_audit_log(any_house):
    await begun(any_house)
    await rotated(any_house, NEW, OLD)
    last = select(audit_log.audit.c.did).order_by(audit_log.audit.c.id.desc()).limit(1)
    assert await any_house.run(lambda db: db.run(last).scalar()) == "changed the data key"
