"""A real nginx for tests: Debian's, unpacked into ``build/`` by ``.ci/tools``, with TLS on a loopback port.

It has its own folder and a certificate that is made for the test; nothing is installed, and no service of the
system is touched. What it was asked, and what it answered, stands in its own log.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PATIENCE: Final = 120.0
"""Seconds after which an nginx that does not start fails the test."""
NOT_OURS: Final = 418
"""What nginx answers beside the service's path."""
_CONFIG: Final = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        server_name {name};
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        client_max_body_size 50m;
        location {location} {{
            proxy_pass http://127.0.0.1:{behind}{passed};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
        {beside}
    }}
}}
"""


@dataclass
class Nginx:
    """An nginx that shows what listens at ``behind`` as https://NAME/PATH, its path stripped or passed on."""

    program: Path
    folder: Path
    name: str
    path: str
    behind: int
    strips: bool

    def start(self) -> None:
        """Write certificate and configuration, start, and wait until it listens."""
        self.port = _free_port()
        _write_certificate(self.folder, self.name)
        beside = f"location / {{ return {NOT_OURS}; }}" if self.path else ""
        config = _CONFIG.format(
            folder=self.folder,
            user="user root;" if os.geteuid() == 0 else "",
            port=self.port,
            name=self.name,
            location=f"{self.path}/",
            behind=self.behind,
            passed="/" if self.strips else "",
            beside=beside,
        )
        (self.folder / "nginx.conf").write_text(config, encoding="utf-8")
        command = [str(self.program), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        until = time.monotonic() + PATIENCE
        while not _listens(self.port):
            said = (self.folder / "output").read_text(encoding="utf-8", errors="replace")
            assert self._process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(PATIENCE)

    @property
    def certificate(self) -> Path:
        """What clients have to trust."""
        return self.folder / "certificate.pem"

    @property
    def statuses(self) -> list[tuple[str, int]]:
        """Each request of the log with the status of its answer."""
        lines = (self.folder / "access.log").read_text(encoding="utf-8").splitlines()
        parts = [line.split('"') for line in lines]
        return [(part[1], int(part[2].split()[0])) for part in parts]


def _write_certificate(folder: Path, name: str) -> None:
    """Write a key and a certificate that it has signed itself, good for ten days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
