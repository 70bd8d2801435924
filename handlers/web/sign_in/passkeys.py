"""Passkeys by way of `webauthn`: options for the browser, and the check of what it brings back."""

import base64
import json
from typing import Any

from conversations.core.record import Record
from handlers.turns import Runtime
from handlers.web.context import WebContext
from storage.team import challenges
from storage.team import passkeys as stored
from storage.team.passkeys import KeyToCheck

_PLACE_FOR_KEYS = 64  # bytes of what a member is called in their own authenticator


class NewKey(Record):
    """A passkey that an authenticator has just made."""

    credential: bytes
    public_key: bytes
    sign_count: int


class NotThisOne(Exception):
    """What the browser brought back is no passkey of ours, or was not asked for just now."""


async def options_to_add(page: WebContext, person: int, called: str) -> str:
    """What the browser needs to make a passkey, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    runtime, rules = page.runtime, page.runtime.rules
    challenge = await runtime.database.write(lambda c: challenges.begin(runtime.db(c), "add passkey", person))
    held = await runtime.database.read(lambda c: stored.credentials_of(runtime.db(c), person))
    wanted = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    options = webauthn.generate_registration_options(
        rp_id=rules.passkey_host,
        rp_name=f"Heard, {rules.organisation}"[:_PLACE_FOR_KEYS],
        user_id=runtime.vault.keyed_hash(f"passkeys of:{person}")[:16],
        user_name=called,
        challenge=challenge.encode(),
        authenticator_selection=wanted,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in held],
    )
    return webauthn.options_to_json(options)


async def options_to_sign_in(page: WebContext) -> str:
    """What the browser needs to offer the passkeys that it holds for this place, as JSON."""
    import webauthn
    from webauthn.helpers import structs

    runtime = page.runtime
    challenge = await runtime.database.write(lambda c: challenges.begin(runtime.db(c), "passkey"))
    options = webauthn.generate_authentication_options(
        rp_id=runtime.rules.passkey_host,
        challenge=challenge.encode(),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


async def new_key(page: WebContext, person: int, sent: str) -> NewKey:
    """The passkey that this member's authenticator has made. Raises NotThisOne."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    credential, challenge = _read(sent)
    runtime = page.runtime
    begun = await runtime.database.write(lambda c: challenges.take(runtime.db(c), "add passkey", challenge))
    if begun is None or begun.person != person:
        raise NotThisOne
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=runtime.rules.passkey_host,
            expected_origin=page.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise NotThisOne from None
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


async def signed(page: WebContext, sent: str) -> tuple[KeyToCheck, int]:
    """The passkey that signed, and its new count. Raises NotThisOne."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    credential, challenge = _read(sent)
    runtime = page.runtime
    if await runtime.database.write(lambda c: challenges.take(runtime.db(c), "passkey", challenge)) is None:
        raise NotThisOne
    key = await _key(runtime, credential)
    try:
        found = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=runtime.rules.passkey_host,
            expected_origin=page.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise NotThisOne from None
    return key, found.new_sign_count


def _read(sent: str) -> tuple[dict[str, Any], str]:
    """The credential, and the challenge that it answers."""
    try:
        credential = json.loads(sent)
        data = json.loads(_bytes(credential["response"]["clientDataJSON"]))
        return credential, _bytes(data["challenge"]).decode("ascii")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotThisOne from None


async def _key(runtime: Runtime, credential: dict[str, Any]) -> KeyToCheck:
    try:
        number = _bytes(credential["rawId"])
    except (ValueError, KeyError, TypeError):
        raise NotThisOne from None
    key = await runtime.database.read(lambda c: stored.by_credential(runtime.db(c), number))
    if key is None:
        raise NotThisOne
    return key


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
