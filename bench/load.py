"""Load from wrk, and the nginx it is compared with: the same bytes, precompressed, served from a file."""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.request import Request, urlopen

from app import create_app
from app.config import Settings

SECONDS = 3  # a round
CONNECTIONS = 64
THREADS = 2
REPORT = """
done = function(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format('{"requests": %d, "microseconds": %d, "bad": %d, "p50": %d, "p99": %d}\\n',
    summary.requests, summary.duration, bad, latency:percentile(50), latency:percentile(99)))
end
"""
CONFIG = """
worker_processes auto;
pid nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  access_log off;
  default_type text/html;
  sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_requests 1000000;
  open_file_cache max=100 inactive=1h;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port} backlog=2048 reuseport;
    root files;
    location / {{ add_header Content-Encoding br; add_header Vary Accept-Encoding; {headers} }}
  }}
}}
"""


@dataclass(frozen=True)
class Round:
    """What wrk says of one round."""

    rate: float  # answers a second
    p50: float  # milliseconds
    p99: float
    bad: int  # answers that were none, or refused


def wrk(
    url: str,
    seconds: int = SECONDS,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    script: str = "",
    connections: int = CONNECTIONS,
) -> Round:
    """Ask one address as often as the machine can, over connections that stay open."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script + REPORT)
        lua.flush()
        told = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", lua.name]
        done = subprocess.run([*command, *told, url], capture_output=True, text=True, check=True, timeout=seconds + 60)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    rate = found["requests"] / (found["microseconds"] / 1e6)
    return Round(rate, found["p50"] / 1000, found["p99"] / 1000, found["bad"])


def fetched(url: str, headers: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """The body as it came over the line, and the headers, in small letters."""
    with urlopen(Request(url, headers=dict(headers)), timeout=60) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


@contextmanager
def nginx(files: dict[str, bytes], headers: dict[str, str]) -> Iterator[str]:
    """A real nginx on a free port that serves these files with these headers; its address."""
    if not shutil.which("nginx") or not shutil.which("wrk"):
        raise SystemExit("This needs nginx and wrk: apt-get install nginx-light wrk")
    folder, port = Path(tempfile.mkdtemp(prefix="bench-nginx-")), free_port()
    folder.chmod(0o755)
    (folder / "files").mkdir()
    for name, body in files.items():
        (folder / "files" / name).write_bytes(body)
    said = " ".join(f'add_header {name} "{quoted(value)}";' for name, value in headers.items())
    (folder / "nginx.conf").write_text(CONFIG.format(port=port, headers=said))
    server = subprocess.Popen(["nginx", "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def quoted(value: str) -> str:
    """As nginx takes it between quotes."""
    return re.sub(r'(["\\\\$])', r"\\\1", value)


def wait_for(port: int, seconds: float = 180.0) -> None:
    """Wait until somebody listens there."""
    ends = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def demo() -> Iterator[Path]:
    """An instance with the demo, in a folder of its own, which is the one of this process from now on."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EINZELFALL_INSTANCE"] = folder
        loaded = create_app(Settings.load()).test_cli_runner().invoke(args=["demo", "load"])
        assert loaded.exit_code == 0, loaded.output
        yield Path(folder)


@contextmanager
def site(instance: Path) -> Iterator[str]:
    """The production server on an instance that is ready, as `make run` starts it; its address."""
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EINZELFALL_")}
    environ |= {"EINZELFALL_INSTANCE": str(instance), "EINZELFALL_PORT": str(port)}
    log = (instance / "bench.log").open("wb")
    server = subprocess.Popen([".venv/bin/flask", "serve"], env=environ, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)
        log.close()
