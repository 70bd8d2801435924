"""The doctor's checks of Telegram: token, webhook and clock. They change nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.cli.report import Finding
from bot.config.settings import Settings
from handlers.telegram.webhook import PATH

_MAY_DIFFER = 60  # seconds between this machine's clock and Telegram's
_LATELY = timedelta(hours=1)

Json = dict[str, Any]


async def check_telegram(settings: Settings) -> list[Finding]:
    if settings.telegram_bot_token is None:
        return [Finding("Telegram", True, "off: TELEGRAM_BOT_TOKEN is not set")]
    base = f"{settings.telegram_api_url}/bot{settings.telegram_bot_token.get_secret_value()}"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            me, date = await _get_json(session, f"{base}/getMe")
            hook, _ = await _get_json(session, f"{base}/getWebhookInfo")
    except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError) as error:
        found = f"it does not answer ({type(error).__name__})"
        return [
            _problem("Telegram", found, "Check TELEGRAM_API_URL, and that the firewall lets requests out.")
        ]
    if me.get("error_code") in {401, 404}:
        mend = "Ask @BotFather for the token, and set TELEGRAM_BOT_TOKEN."
        return [_problem("Telegram", "the token is rejected", mend)]
    if not (me.get("ok") and hook.get("ok")):
        return [_problem("Telegram", "it answers with an error", "Try again in a few minutes.")]
    token = Finding("Telegram", True, f"the token is @{me['result']['username']}'s")
    return [token, *_webhook(settings, hook["result"]), *_compare_clock(date)]


async def _get_json(session: aiohttp.ClientSession, address: str) -> tuple[Json, str]:
    async with session.get(address) as answer:
        said = dict(await answer.json())
        return said, answer.headers.get("Date", "")


def _webhook(settings: Settings, hook: Json) -> list[Finding]:
    address = hook.get("url", "")
    if settings.telegram_mode == "polling" and address:
        mend = "If another program set it, stop that one: only one may. `run` removes the webhook."
        return [_problem("webhook", "one is set for this bot, and TELEGRAM_MODE is polling", mend)]
    if settings.telegram_mode == "webhook" and address not in {"", settings.web_address + PATH}:
        mend = "If another program set it, stop that one: only one may. `run` sets it again."
        return [_problem("webhook", "it is set to another address", mend)]
    failed = datetime.fromtimestamp(hook.get("last_error_date", 0), UTC) > datetime.now(UTC) - _LATELY
    if address and failed:
        mend = "Check that PUBLIC_URL leads here, and its certificate."
        return [_problem("webhook", f"Telegram says: {hook.get('last_error_message', '')}", mend)]
    return [Finding("webhook", True, "as TELEGRAM_MODE wants it")]


def _compare_clock(date: str) -> list[Finding]:
    if not date:
        return []
    apart = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    if apart > _MAY_DIFFER:
        return [
            _problem("clock", f"it is {apart:.0f} s from Telegram's", "Set this machine's clock; use NTP.")
        ]
    return [Finding("clock", True, "as Telegram's")]


def _problem(what: str, found: str, mend: str) -> Finding:
    return Finding(what, False, found, mend)
