"""What Heard reads once: read here, before it is forked. See `running.py`."""

from zoneinfo import ZoneInfo

from bot.catalogues import load_signs
from bot.library import load_library
from handlers.web.pages import _templates

load_signs()
load_library(ZoneInfo("Europe/London"))
for name in _templates().list_templates():
    _templates().get_template(name)
