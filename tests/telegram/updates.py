"""Updates as Telegram sends them, for tests that need one without a phone."""

import itertools

from telegram import Update

from handlers.telegram.parse import parse_update

SAM = {"id": 700001, "is_bot": False, "first_name": "Sam", "language_code": "pl-PL"}
BOT = {"id": 42, "is_bot": True, "first_name": "Heard", "username": "heard_test_bot"}
PRIVATE = {"id": 700001, "type": "private", "first_name": "Sam"}
GROUP = {"id": -4001, "type": "group", "title": "8B"}

_numbers = itertools.count(1000)


def update(kind="message", number=None, **content):
    return {"update_id": next(_numbers) if number is None else number, kind: content}


def message(text=None, *, chat=PRIVATE, sender=SAM, kind="message", number=None, **more):
    words = {} if text is None else {"text": text}
    content = {"message_id": 7, "date": 1_780_000_000, "chat": chat, "from": sender, **words, **more}
    return update(kind, number, **content)


def tap(data, *, chat=PRIVATE, sender=SAM, number=None, **more):
    under = {"message_id": 9, "date": 1_780_000_000, "chat": chat, "from": BOT, "text": "Ready?", **more}
    given = {"id": "q1", "from": sender, "message": under, "chat_instance": "1", "data": data}
    return update("callback_query", number, **given)


def membership(chat, new, old="member", *, sender=SAM, number=None):
    def member(status):
        return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    about = {"chat": chat, "from": sender, "date": 1_780_000_000}
    return update("my_chat_member", number, **about, old_chat_member=member(old), new_chat_member=member(new))


def parsed(json):
    """python-telegram-bot's object of it."""
    return Update.de_json(json, None)


def came(json):
    """Our event of it."""
    return parse_update(json, None)
