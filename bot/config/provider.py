"""The council's own sign-in, as the settings name it."""

from bot.config.settings import Settings
from handlers.provider import ProviderSettings


def provider_in(settings: Settings) -> ProviderSettings | None:
    """None if there is none."""
    if settings.oidc_client_secret is None:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    return ProviderSettings(settings.oidc_issuer, settings.oidc_client_id, secret)
