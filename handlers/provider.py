"""The council's own sign-in, by OpenID Connect: the authorization code flow, with PKCE, state and nonce."""

import base64
import hashlib
import secrets
import time
from typing import Any
from urllib.parse import quote_plus

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from conversations.core.record import Private, Record

_PATIENCE = ClientTimeout(total=10)  # seconds for each request to the provider
_ANSWER_MOST = 1_000_000  # bytes
_FRESH_FOR = 3600.0  # seconds until the provider's addresses and keys are read again
_LEEWAY = 60  # seconds between two machines' clocks
# Signatures with a public key. With a shared secret, whoever knows our secret could sign for anybody.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class ProviderSettings(Record):
    """Who the provider is, and who we are to it."""

    issuer: str
    client_id: str
    client_secret: Private[str]


class Asking(Record):
    """What we ask the provider with, and must find in its answer."""

    nonce: Private[str]
    verifier: Private[str]
    browser: Private[str] = ""


class Subject(Record):
    """Somebody, as the provider knows them. Nothing else of what it says is read."""

    issuer: Private[str]
    subject: Private[str]


class ProviderRefused(Exception):
    """The provider cannot be reached, or what it says is not right. The text names no one."""


class Provider:
    """One provider. Its addresses and keys are read when they are first needed, and once an hour."""

    def __init__(self, settings: ProviderSettings, redirect: str) -> None:
        self._settings, self._redirect = settings, redirect
        self._found: tuple[float, dict[str, Any], dict[str, Any]] | None = None

    def ask(self) -> Asking:
        """New secrets for one sign-in."""
        return Asking(secrets.token_urlsafe(24), secrets.token_urlsafe(48))

    async def address(self, state: str, asking: Asking) -> str:
        """Where the browser goes to sign in. Raises ProviderRefused."""
        metadata, _ = await self.look()
        hashed = hashlib.sha256(asking.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect,
            "scope": "openid",
            "state": state,
            "nonce": asking.nonce,
            "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return str(URL(metadata["authorization_endpoint"]).update_query(query))

    async def subject(self, code: str, asking: Asking) -> Subject:
        """Who has signed in. Raises ProviderRefused."""
        metadata, keys = await self.look()
        token = await self._exchange(metadata, code, asking)
        return self._check(token, keys, asking)

    async def look(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The provider's addresses and keys. Raises ProviderRefused."""
        if self._found and time.monotonic() - self._found[0] < _FRESH_FOR:
            return self._found[1:]
        issuer = self._settings.issuer
        async with ClientSession(timeout=_PATIENCE) as session:
            metadata = await _json(session, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if metadata.get("issuer") != issuer:
                raise ProviderRefused("it calls itself by another name than OIDC_ISSUER")
            if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= metadata.keys():
                raise ProviderRefused("it does not say where its pages are")
            keys = await _json(session, metadata["jwks_uri"])
        self._found = time.monotonic(), metadata, keys
        return metadata, keys

    async def _exchange(self, metadata: dict[str, Any], code: str, asking: Asking) -> str:
        """The identity token for a code."""
        mine = self._settings
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": asking.verifier,
        }
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers: dict[str, str] = {}
        if "client_secret_basic" in ways:
            named = (
                f"{quote_plus(mine.client_id)}:{quote_plus(mine.client_secret)}"  # as RFC 6749, 2.3.1 has it
            )
            headers["Authorization"] = f"Basic {base64.b64encode(named.encode()).decode()}"
        else:
            body |= {"client_id": mine.client_id, "client_secret": mine.client_secret}
        async with ClientSession(timeout=_PATIENCE, headers=headers) as session:
            said = await _json(session, metadata["token_endpoint"], body)
        token = said.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused("it gave no identity token")
        return token

    def _check(self, token: str, keys: dict[str, Any], asking: Asking) -> Subject:
        from joserfc import jwk, jwt
        from joserfc.errors import JoseError

        wanted = {
            "iss": {"essential": True, "value": self._settings.issuer},
            "aud": {"essential": True, "value": self._settings.client_id},
            "nonce": {"essential": True, "value": asking.nonce},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
        }
        try:
            found = jwt.decode(token, jwk.KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
            # A token is made and over by the provider's clock, which is the world's.
            jwt.JWTClaimsRegistry(now=int(time.time()), leeway=_LEEWAY, **wanted).validate(found.claims)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as wrong:
            self._found = None  # its keys may have changed
            raise ProviderRefused(f"its identity token is not right: {type(wrong).__name__}") from None
        if found.claims.get("azp", self._settings.client_id) != self._settings.client_id:
            raise ProviderRefused("its identity token is for somebody else")
        return Subject(found.claims["iss"], found.claims["sub"])


async def _json(session: ClientSession, address: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address. Raises ProviderRefused."""
    try:
        method = "GET" if body is None else "POST"
        async with session.request(method, address, data=body, allow_redirects=False) as answer:
            if answer.status != 200:
                raise ProviderRefused(f"it answers {answer.status}")
            return msgspec.json.decode(await answer.content.read(_ANSWER_MOST), type=dict[str, Any])
    except (ClientError, TimeoutError, ValueError, msgspec.DecodeError) as fault:
        raise ProviderRefused(f"it does not answer as it should: {type(fault).__name__}") from None
