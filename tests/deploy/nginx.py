"""A real nginx with the configuration that ships, on the loopback or inside a network of its own."""

import datetime as dt
import http.client
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.ports import free_port
from tests.server import PATIENCE, ROOT, eventually

NAME = "einzelfall.test"
INSTALL = "these tests need a real nginx: apt-get install nginx-light (macOS: brew install nginx)"
RENDER = ROOT / "deploy" / "nginx" / "render"
MAIN = """
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/main.log emerg;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/einzelfall.conf;
}}
"""


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Nginx:
    """One nginx in front of these hosts."""

    def __init__(
        self,
        folder: Path,
        hosts: Sequence[str],
        *more: str,
        address: str = "127.0.0.1",
        inside: Sequence[str] = (),
        ports: tuple[int, int] | None = None,
        name: str = NAME,
    ) -> None:
        self.name = name
        self.folder, self.address, self._inside = folder, address, list(inside)
        self.http, self.https = ports or (free_port(), free_port())
        folder.mkdir(parents=True, exist_ok=True)
        _certify(folder, name)
        where = [f"--http={address}:{self.http}", f"--https={address}:{self.https}", f"--cache={folder / 'cache'}"]
        files = [f"--certificate={folder / 'certificate'}", f"--key={folder / 'key'}"]
        logs = [f"--log={folder / 'access.log'}", f"--errors={folder / 'errors.log'}"]
        to = [f"--host={host}" for host in hosts]
        made = subprocess.run(
            [sys.executable, RENDER, f"--name={name}", *where, *files, *logs, *to, *more],
            capture_output=True,
            text=True,
            check=True,
        )
        (folder / "einzelfall.conf").write_text(made.stdout)
        user = "user root;" if Path.home() == Path("/root") else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [*self._inside, *self.command("-g", "daemon off;")]
        with (self.folder / "out").open("wb") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE)

    @property
    def url(self) -> str:
        return f"https://{self.name}:{self.https}"

    def written(self, last: str) -> str:
        """Everything it has written down, once what is buffered is on disk, up to a line that holds `last`."""
        assert self._process
        self._process.send_signal(signal.SIGUSR1)  # reopen: each worker writes its buffer first
        eventually(lambda: last in self._logs(), f"{last!r} is in the log")
        return self._logs()

    def _logs(self) -> str:
        return "".join(path.read_text("utf-8", "replace") for path in self.folder.glob("*.log"))

    def command(self, *arguments: str) -> list[str]:
        tool = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
        if not tool:
            pytest.fail(INSTALL)
        return [
            tool,
            "-p",
            str(self.folder),
            "-e",
            str(self.folder / "main.log"),
            "-c",
            str(self.folder / "nginx.conf"),
            *arguments,
        ]

    def is_listening(self) -> bool:
        assert self._process, "nginx was not started"
        assert self._process.poll() is None, (self.folder / "out").read_text() + (self.folder / "main.log").read_text()
        try:
            socket.create_connection((self.address, self.https), timeout=5).close()
        except OSError:
            return False
        return True

    def connect(self, name: str = "", protocol: str = "http/1.1") -> ssl.SSLSocket:
        """A connection with TLS."""
        context = ssl.create_default_context(cafile=str(self.folder / "certificate"))
        context.set_alpn_protocols([protocol])
        raw = socket.create_connection((self.address, self.https), timeout=PATIENCE)
        return context.wrap_socket(raw, server_hostname=name or self.name)

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(self.name, self.https)
        connection.sock = self.connect()
        try:
            connection.request(method, path, body, {"Connection": "close", **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def raw(self, request: bytes, silence: float = 1.0) -> bytes:
        """Whatever comes back until the connection is closed or nothing comes for so many seconds."""
        with self.connect() as connection:
            connection.sendall(request)
            connection.settimeout(silence)
            found = b""
            try:
                while data := connection.recv(65536):
                    found += data
            except (TimeoutError, ConnectionError, ssl.SSLError):
                pass
            return found


def _certify(folder: Path, called: str) -> None:
    """A certificate of our own making, for a day."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, called)]),
    )
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(called)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key").write_bytes(pem)
