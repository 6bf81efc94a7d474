"""Somebody else's servers, for real: TLS with certificates of an authority of our own, and DNS over UDP."""

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kit.outside import DMARC, KNOWN_PAGES, KNOWN_TEXTS, Outside, ask_dns

HERE = "127.0.0.1"
Zone = dict[tuple[str, str], list[str] | Callable[[], list[str]]]
Answer = Callable[[Callable[[bytes], object]], None]
"""Says what a server sends, by calling what it is given with bytes."""


class Authority:
    """Signs the certificates of the tests' servers; who trusts it trusts them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self._own = self._sign(self._name, self._key, x509.BasicConstraints(ca=True, path_length=None))

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self._own.public_bytes(serialization.Encoding.PEM).decode())

    def server(self, host: str) -> ssl.SSLContext:
        """What a server needs to be `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = [x509.DNSName(one) for one in (host, KNOWN_PAGES[-1])]
        mine = self._sign(name, key, x509.SubjectAlternativeName(names))
        file = self._folder / f"{host}.chain"
        no_lock = serialization.NoEncryption()
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_lock)
        file.write_bytes(private + mine.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, says: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        made = made.not_valid_after(now + timedelta(days=2)).add_extension(says, critical=True)
        return made.sign(self._key, hashes.SHA256())


class _TlsHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = cast("TlsServer", self.server)
        with suppress(OSError), server.context.wrap_socket(self.request, server_side=True) as line:
            request = line.recv(65536)
            if f"Host: {KNOWN_PAGES[-1]}".encode() in request:
                page("", "301 Moved", "Location: /en")(line.sendall)
                return
            server.asked.append(request)
            server.answer(line.sendall)


class TlsServer(socketserver.ThreadingTCPServer):
    """An HTTPS server that sends whatever a test tells it to; one that surely exists lives here, too."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__((HERE, 0), _TlsHandler)
        self.context, self.asked = context, cast("list[bytes]", [])
        self.answer: Answer = page("")

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _DnsHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        data, line = self.request
        server = cast("DnsServer", self.server)
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), question.to_text().rpartition(" ")[2]
        server.asked.append((name, kind))
        answer = dns.message.make_response(query)
        known = server.zone.get((name, kind))
        if known is None and not any(name == one for one, _ in server.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        for value in known() if callable(known) else known or []:
            text = f'"{value}"' if kind == "TXT" else value
            answer.answer.append(dns.rrset.from_text(question.name, 1, "IN", kind, text))
        line.sendto(answer.to_wire(), self.client_address)


class DnsServer(socketserver.ThreadingUDPServer):
    """A name server with one zone."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__((HERE, 0), _DnsHandler)
        self.zone: Zone = {(KNOWN_TEXTS[-1], "TXT"): [f"{DMARC}; p=reject"], (KNOWN_PAGES[-1], "A"): [HERE]}
        self.asked: list[tuple[str, str]] = []

    def resolver(self) -> dns.resolver.Resolver:
        made = dns.resolver.Resolver(configure=False)
        made.nameservers, made.port = [HERE], int(self.server_address[1])
        return made


class Outsiders:
    """A network with names, a server behind each that is asked for, and what the site would reach it by."""

    def __init__(self, authority: Authority, seconds: float = 5.0) -> None:
        self.dns, self._authority, self._seconds = DnsServer(), authority, seconds
        self.web: TlsServer | None = None
        self._resolves = True

    def serve(self, host: str, answer: Answer, *, as_host: str = "") -> TlsServer:
        """Have a web server at a name; with a certificate for another one if it is told so."""
        self.web = self.web or _running(TlsServer(self._authority.server(as_host or host)))
        self.web.answer = answer
        self.dns.zone.setdefault((host, "A"), [HERE])
        return self.web

    def outside(self, rule: Callable[[str], bool] = lambda address: address == HERE, **other: Any) -> Outside:
        """As a site reaches it that takes this machine for the internet."""
        known: dict[str, Any] = {"port": self.web.port if self.web else 1, "seconds": self._seconds}
        known["trust"] = self._authority.trusting()
        known["resolver"] = partial(ask_dns, self.dns.resolver())
        return Outside(rule=rule, **(known | other))

    def stop_dns(self) -> None:
        """Nobody resolves names any more."""
        self.dns.shutdown()
        self.dns.server_close()
        self._resolves = False

    def close(self) -> None:
        if self._resolves:
            self.stop_dns()
        if self.web:
            self.web.shutdown()
            self.web.server_close()


@contextmanager
def outsiders(folder: Path, seconds: float = 5.0) -> Iterator[Outsiders]:
    made = Outsiders(Authority(folder), seconds)
    _running(made.dns)
    try:
        yield made
    finally:
        made.close()


def _running(server: Any) -> Any:  # Any: either kind of server
    threading.Thread(target=partial(server.serve_forever, 0.01), daemon=True).start()
    return server


def page(text: str, status: str = "200 OK", *headers: str, kind: str = "text/plain") -> Answer:
    """A whole answer."""
    body = text.encode()
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return lambda send: cast("None", send("\r\n".join([*lines, "", ""]).encode() + body))


def huge(gigabytes: int) -> Answer:
    """An answer that says how big it is, or does not, and goes on for as long as somebody listens."""

    def answer(send: Callable[[bytes], object]) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
        for _ in range(gigabytes * 1024 * 16):
            send(b"x" * 65536)

    return answer


def dripping(seconds: float) -> Answer:
    """A byte every few moments, so that no single wait is long."""

    def answer(send: Callable[[bytes], object]) -> None:
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9000\r\n\r\n")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            send(b"x")
            time.sleep(0.05)  # what a dripping server does; nobody waits for its end

    return answer


def closed_port() -> int:
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])
