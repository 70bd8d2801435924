"""Fixtures for tests of the running process."""

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
    """An empty working directory, without this machine's settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own_logs(monkeypatch):
    """Restores this process's logging afterwards."""
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
    """Everything logged so far, as text and as JSON in turn."""
    logs.set_up(style=request.param, level="debug")
    return lambda: capsys.readouterr().err


@pytest.fixture
def in_a_hurry(monkeypatch):
    """A courier that waits hundredths of a second instead of seconds."""
    monkeypatch.setattr(courier, "EVERY", 0.02)
    monkeypatch.setattr(courier, "PAUSE", 0.005)
    monkeypatch.setattr(delivery, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(delivery, "CHAT_APART", 0.05)
