"""The doctor's checks of how staff sign in: passkeys, which work only at the host that they were made for, and the provider."""

from bot.cli.report import Finding
from bot.config.provider import provider_in
from bot.config.settings import Settings
from bot.operations.opening import DatabaseUnusable, look_into_store
from handlers.provider import Provider, ProviderRefused
from storage.core.errors import Unavailable
from storage.team import passkeys


async def check_passkeys(settings: Settings) -> list[Finding]:
    """Counts the passkeys that a changed host has ended. A database that cannot be opened is its own check's to report."""
    rules = settings.rules(None)
    try:
        store = await look_into_store(settings)
    except (DatabaseUnusable, Unavailable):
        return []
    try:
        ended = await store.read(rules, lambda db: passkeys.count_elsewhere(db, rules.passkey_host))
    finally:
        await store.database.close()
    if not ended:
        offered = f"offered at {rules.passkey_host}" if rules.passkey_host else "not offered"
        return [Finding("passkeys", True, offered)]
    mend = (
        "Set PUBLIC_URL back to the host that they were made for; or let their members in another way,"
        " such as `python -m bot invite`, to remove these and add new ones."
    )
    return [Finding("passkeys", False, f"{ended} were made for another host and work no more", mend)]


async def check_provider(settings: Settings) -> list[Finding]:
    """Asks the council's own sign-in who it is."""
    mine = provider_in(settings)
    if mine is None:
        return []
    try:
        await Provider(mine, f"{settings.web_address}/sign-in/oidc").look()
    except ProviderRefused as refused:
        mend = (
            "OIDC_ISSUER must be written as the provider writes it in its /.well-known/openid-configuration."
        )
        return [Finding("council sign-in", False, str(refused), mend)]
    return [Finding("council sign-in", True, "the provider answers")]
