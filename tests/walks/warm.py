"""Loads what Heard reads once, before the fork. See `running.py`."""

from zoneinfo import ZoneInfo

from bot.config.catalogues import load_library
from bot.config.word_lists import load_guard
from handlers.web.templates_api import HERE, TEMPLATES

load_guard()
load_library(ZoneInfo("Europe/London"))
for file in (HERE / "templates").glob("*.html"):
    TEMPLATES.get_template(file.name)
