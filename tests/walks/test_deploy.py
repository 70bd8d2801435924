"""The unit and the compose file of the how-to: the workers get their settings."""

import re
import shlex
import shutil
import subprocess
import sys
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


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_unit_has_so_many_walls_that_systemd_counts_two_or_less():
    command = ("systemd-analyze", "security", "--offline=yes", "--threshold=20", DEPLOY / "heard@.service")
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_each_container_has_bounds_for_memory_and_processes_and_gains_no_rights():
    _, worker, services, *_ = re.split(r"^(?:x-worker|services|networks):", COMPOSE, flags=re.MULTILINE)
    for service in (worker, *re.split(r"^  (?:database|nginx):", services, flags=re.MULTILINE)[1:]):
        for bound in ("mem_limit", "pids_limit", "no-new-privileges:true"):
            assert bound in service, service


def test_only_their_own_account_reads_what_heard_writes(tmp_path: Path):
    made = "umask 000; exec python -m bot invite --role worker"
    paths = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    subprocess.run(("sh", "-c", made), cwd=tmp_path, env=paths, capture_output=True, check=True)
    written = list(tmp_path.rglob("*"))
    assert {"heard.db", "key"} <= {path.name for path in written}
    assert {path.name: oct(path.stat().st_mode) for path in written if path.stat().st_mode & 0o077} == {}


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
