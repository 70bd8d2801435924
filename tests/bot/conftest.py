"""What the tests of the running process may ask for."""

import logging
import sys
import threading

import pytest
import structlog

from bot import logs
from bot.config.settings import Settings
from bot.courier import courier, delivery
from tests.botapi.fixtures import bot, double, sam

__all__ = ["bot", "double", "sam"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to run in, with none of this machine's own settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own_logs(monkeypatch):
    """What a set-up of the logs changes in this process is as it was, afterwards."""
    for where, hook in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(where, hook, getattr(where, hook))
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture(params=["text", "json"])
def logged(request, own_logs, capsys):
    """All that was logged so far, as text and as JSON in turn."""
    logs.set_up(style=request.param, level="debug")
    return lambda: capsys.readouterr().err


@pytest.fixture
def in_a_hurry(monkeypatch):
    """A courier that waits hundredths of a second where it waits seconds."""
    monkeypatch.setattr(courier, "EVERY", 0.02)
    monkeypatch.setattr(courier, "PAUSE", 0.005)
    monkeypatch.setattr(delivery, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(delivery, "CHAT_APART", 0.05)
