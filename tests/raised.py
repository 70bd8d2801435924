"""Issues of young people, added directly to a house, and a team member who answers them."""

from sqlalchemy import func, select, update

from conversations.core.channels import TELEGRAM, Channel
from conversations.core.messages import Say
from conversations.issues.effects import SendIssue, WriteIssue
from conversations.news.effects import BeginNews, SendNews, WriteNews
from conversations.team.effects import SetTeamRule
from handlers import announcements
from storage.core.door import Door
from storage.core.unit_of_work import Db
from storage.issues import issues
from storage.news import news
from storage.outbox import dispatching
from storage.outbox.dispatching import Settlement
from storage.outbox.outbox import OutboxMessage
from storage.people import people
from storage.tables import issues as issues_table
from storage.tables import news as news_table
from storage.tables import people as people_table
from storage.tables import roles
from storage.team import team_rules

AREAS = ("North End", "City centre", "Riverside")


def somebody(
    db: Db, address: str = "700001", band: str = "16-17", language: str = "en", channel: Channel = TELEGRAM
) -> Door:
    """A person who joined, with one door."""
    door = people.find_or_create_door(db, channel, address, language, "normal")
    joined = {"band": band, "band_asked_at": db.now, "agreed_at": db.now, "language": language}
    db.run(update(people_table).where(people_table.c.id == door.person.id).values(**joined))
    return people.door_by_id(db, door.id)


def member(db: Db, role: str = "worker", address: str = "800001") -> Door:
    """A team member."""
    door = people.find_or_create_door(db, TELEGRAM, address, "en", "normal")
    given = {"person_id": door.person.id, "role": role, "at": db.now}
    db.run(db.insert(roles).values(**given).on_conflict_do_nothing())
    return people.door_by_id(db, door.id)


def raised(
    db: Db, door: Door, words: str = "the bus never comes", theme: str = "safe", area: str = "North End"
) -> int:
    """Adds an issue that this person raised just now; returns its id."""
    issues.write(db, door, WriteIssue(theme, area, words))
    issues.send(db, door, SendIssue())
    return int(db.run(select(func.max(issues_table.c.id))).scalar_one())


def with_areas(db: Db, *areas: str) -> None:
    """The team's list of areas, as its owner writes it."""
    team_rules.set_rule(db, member(db, "owner", "800009"), SetTeamRule("areas", areas or AREAS))


def told(
    db: Db, title: str = "A new skate park", text: str = "You asked, and it opens on Friday.", **more
) -> int:
    """Published good news; returns its id. `more` are texts in other variants: pl=("title", "text")."""
    writer = member(db)
    news.begin(db, writer, BeginNews(title, "en"))
    number = int(db.run(select(func.max(news_table.c.id))).scalar_one())
    news.write(db, writer, WriteNews(number, "text", "en", text))
    for variant, (its_title, its_text) in more.items():
        news.write(db, writer, WriteNews(number, "title", variant, its_title))
        news.write(db, writer, WriteNews(number, "text", variant, its_text))
    news.send(db, writer, SendNews(number))
    return number


async def messages(house) -> list[tuple[str, str, Say]]:
    """Takes all messages due now on Telegram: address, kind and text. They count as sent."""
    sent = []
    while claimed := await house.run(lambda db: dispatching.claim(db, TELEGRAM, ("alert", "broadcast"), 500)):
        for message in claimed:
            address, say = await house.run(lambda db, message=message: _leaving(house, db, message))
            sent += [(address, message.kind, say)] if say else []
    return sorted(sent, key=lambda message: message[:2])


def _leaving(house, db: Db, message: OutboxMessage) -> tuple[str, Say | None]:
    address = dispatching.intend(db, (message,)).get(message.id)
    say = announcements.build(house.runtime, db, message) if address else None
    if say is None:
        dispatching.drop(db, [message.id])
    else:
        dispatching.settle(db, [Settlement(message.id, "sent", str(message.id))])
    return address or "", say
