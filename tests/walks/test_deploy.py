"""The unit and the compose file of the how-to: the workers get their settings."""

import re
import shlex
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNIT = (DEPLOY / "heard@.service").read_text()
COMPOSE = (DEPLOY / "compose.yaml").read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path):
    unit = tmp_path / "heard@8081.service"
    here = UNIT.replace("/opt/heard/.venv/bin/python", "/bin/true")
    unit.write_text(here.replace("WorkingDirectory=/opt/heard", f"WorkingDirectory={tmp_path}"))
    found = subprocess.run(
        ("systemd-analyze", "verify", "--man=no", unit), capture_output=True, text=True, check=False
    )
    assert "heard@" not in found.stderr, found.stderr


def test_each_worker_of_systemd_has_its_own_port_whatever_the_file_of_settings_says():
    """Systemd gives the file's settings the last word over those of the unit."""
    start = re.search(r"^ExecStart=(.*)$", UNIT, re.MULTILINE)[1].replace("%i", "8082")
    command = shlex.split(start.replace("/opt/heard/.venv/bin/python -m bot run", "/usr/bin/env"))
    written = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    got = subprocess.run(command, env=written, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {"PORT=8082", "FORGOTTEN_LOG=/var/lib/heard/forgotten", "HOME=/tmp"} <= set(got)
    assert "SENDS_PER_SECOND=28" in got


def test_nginx_finds_each_recreated_worker_of_compose_at_its_address():
    """Nginx looks names up when it starts, and never again."""
    workers = dict(re.findall(r"^  (worker\d):\n(.*?)\n\n", COMPOSE, re.MULTILINE | re.DOTALL))
    ports = {name: re.search(r'PORT: "(\d+)"', text)[1] for name, text in workers.items()}
    addresses = [ip_address(re.search(r"ipv4_address: ([\d.]+)", text)[1]) for text in workers.values()]
    upstream = (DEPLOY / "workers-compose.conf").read_text()
    assert re.findall(r"server (worker\d):(\d+)", upstream) == list(ports.items())
    assert len(set(addresses)) == len(workers) == 3
    subnet = ip_network(re.search(r"subnet: ([\d./]+)", COMPOSE)[1])
    anybodys = ip_network(re.search(r"ip_range: ([\d./]+)", COMPOSE)[1])
    assert all(address in subnet and address not in anybodys for address in addresses)
    assert f"TRUSTED_PROXIES: {subnet}" in COMPOSE
