"""The team's rules: a row for each that differs from its default."""

from typing import Any

from sqlalchemy import select

from conversations.core.messages import Session
from conversations.team.effects import SetTeamRule
from conversations.team.facts import TeamRules
from conversations.team.rights import Rights
from storage.core.dispatch import EffectHandler, Handlers, Loaders
from storage.core.door import Door
from storage.core.unit_of_work import Db, Insert, prepared
from storage.security import audit_log
from storage.tables import team_rules

_ALL = prepared(select(team_rules.c.name, team_rules.c.value))


def _upsert(insert: Insert) -> Any:
    new = insert(team_rules)
    return new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})


_SET = prepared(_upsert)


def rules(db: Db) -> TeamRules:
    """The team's rules, with defaults for those that it has not set."""
    found = {row.name: row.value for row in db.run(_ALL, {})}
    known = set(TeamRules.__struct_fields__)
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in found.items()
        if name in known
    }
    return TeamRules(**values)


def team_rules_of(db: Db, _door: Door, _session: Session) -> TeamRules:
    return rules(db)


def set_rule(db: Db, door: Door, effect: SetTeamRule) -> None:
    store(db, door, effect.name, effect.value)


def store(db: Db, door: Door, name: str, value: bool | int | tuple[str, ...]) -> None:
    """Stores one rule. The caller has checked the right."""
    db.run(_SET, {"name": name, "value": list(value) if isinstance(value, tuple) else value})
    audit_log.note(db, door.person.id, "changed how we work", name)


HANDLERS: Handlers = {SetTeamRule: EffectHandler(set_rule, right=Rights.SET_TEAM_RULES)}
FACTS: Loaders = {TeamRules: team_rules_of}
