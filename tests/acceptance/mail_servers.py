"""Real mail servers for tests: Debian's Postfix and Exim, each on a port of loopback and in its own folder.

``.ci/tools`` unpacks both into ``build/``; nothing is installed, and no service of the system is touched. A
server takes mail from this machine for the city's domain and puts it into one Maildir, whose messages name
their recipients. What its administrator sets (``ServerRules``) is written into its real configuration, with
which it is started anew: the answers are its own.

Postfix needs root: its master gives up its rights only in its children, which run as the users mail and
nobody and the group news, which every Debian has. Exim runs as a plain user, under root as mail; its packages
fix the name Debian-exim in the program, and nss_wrapper shows it that name without a line in /etc/passwd.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import ClassVar, Final, Literal

from tests.conftest import ROOT
from tests.delivery.faulty_server import CERTIFICATE, KEY

DOMAIN: Final = "vaasa.example"
NOWHERE: Final = "inet:127.0.0.1:1"
"""A port on which nothing listens."""
SIZE: Final = 10_240_000
"""Octets that a server takes when nobody sets another limit: Postfix' own default."""
DEADLINE: Final = 120.0
"""Seconds after which a server that does not start or deliver fails the test; it never waits for them."""


@dataclass(frozen=True)
class ServerRules:
    """What the administrator has set: whose mail is taken, how large, for whom.

    Where nothing is relayed for us, a server rejects for good, or defers, as Debian sets Postfix up. A filter
    that is not found defers each message; without its list of recipients a server knows nobody (5.1.1).
    ``largest`` is told in the answer to EHLO unless ``tells_largest`` is off. ``unknown`` addresses are
    refused with 5.1.1, ``unrouteable`` ones in the server's own words: Exim's have no enhanced code.
    ``refuses_content_for`` holds those whose messages no filter lets through; ``takes_an_hour`` counts
    recipients, 0: any number.
    """

    relays: bool = True
    relay_refusal: Literal["reject", "defer"] = "reject"
    finds_filter: bool = True
    knows_recipients: bool = True
    refuses_at_data: bool = False
    refuses_by_dmarc: bool = False
    largest: int = SIZE
    tells_largest: bool = True
    reads_tls_key: bool = True
    unknown: tuple[str, ...] = ()
    unrouteable: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    full: tuple[str, ...] = ()
    refuses_content_for: tuple[str, ...] = ()
    takes_an_hour: int = 0


class MailServer(ABC):
    """A server in ``folder``; it runs between ``start`` and ``stop``, ``change`` sets other rules."""

    name: ClassVar[str]

    def __init__(self, folder: Path, unpacked: Path) -> None:
        self.folder, self.unpacked = folder, unpacked
        self.port = _free_port()
        self.mail = folder / "mail"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What SMTP_URL is set to: STARTTLS, with the certificate of the tests."""
        return f"smtp+starttls://127.0.0.1:{self.port}?ca={CERTIFICATE}"

    def start(self, rules: ServerRules | None = None) -> None:
        """Write the configuration, start, and wait for the banner."""
        self._configure(rules or ServerRules())
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                self._command(),
                env={"PATH": os.environ["PATH"], **self._environment()},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait("no banner", self._greets)

    def stop(self) -> None:
        """End the server and all its children."""
        if self._process is None:
            return
        group, process = self._process.pid, self._process
        self._process = None
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(group, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(DEADLINE if sign == signal.SIGKILL else 10)

    def change(self, rules: ServerRules | None = None) -> None:
        """Go on with other rules; what was taken under the old ones is put into the mailbox first."""
        self.deliver_all()
        self.stop()
        self.start(rules)

    def deliver_all(self) -> None:
        """Wait until all that was taken lies in the mailbox."""
        self._wait("mail is left in the queue", lambda: not any(self._queue()))

    def arrived(self) -> Counter[tuple[str, str]]:
        """Count the messages in the mailbox, by recipient and Message-ID."""
        self.deliver_all()
        files = (file for folder in ("new", "cur") for file in self.mail.glob(f"**/{folder}/*"))
        found = (message_from_bytes(file.read_bytes()) for file in files)
        return Counter(
            (str(one["Delivered-To"] or one["Envelope-To"]).strip("<>"), str(one["Message-ID"]))
            for one in found
        )

    def begin_anew(self) -> None:
        """Go on with nothing in queue and mailbox, as after ``start``."""
        self.stop()
        for file in (*self._queue(), *self.mail.glob("**/new/*")):
            file.unlink()
        self.start()

    def log(self) -> str:
        """Return what the server has written down so far."""
        files = (file for file in (self.folder / "output", *self._logs()) if file.exists())
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)

    @abstractmethod
    def _configure(self, rules: ServerRules) -> None:
        """Write the files of the configuration."""

    @abstractmethod
    def _command(self) -> list[str]:
        """Return the command that serves in the foreground."""

    @abstractmethod
    def _environment(self) -> Mapping[str, str]:
        """Return the variables that the command needs."""

    @abstractmethod
    def _queue(self) -> Iterator[Path]:
        """Return the messages that were taken and not yet put into the mailbox."""

    @abstractmethod
    def _logs(self) -> Iterable[Path]:
        """Return the log files."""

    def _greets(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=DEADLINE) as client:
                return client.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def _wait(self, otherwise: str, done: Callable[[], bool]) -> None:
        until = time.monotonic() + DEADLINE
        while not done():
            over = time.monotonic() > until
            if over or (self._process and self._process.poll() is not None):
                raise AssertionError(f"{self.name}: {otherwise}\n{self.log()[-4000:]}")
            time.sleep(0.02)

    def _libraries(self) -> str:
        """Return the folders of the libraries that came with the server, for the linker."""
        return ":".join(sorted({str(file.parent) for file in self.unpacked.rglob("*.so*")}))

    def _lay_out_key(self, owner: str) -> None:
        """Copy certificate and key to where only the server reads them."""
        for file in (CERTIFICATE, KEY):
            copy = self.folder / file.name
            shutil.copyfile(file, copy)
            copy.chmod(0o600)
            _give(copy, owner)


class Postfix(MailServer):
    """Postfix; ``virtual`` puts all mail into one Maildir."""

    name = "postfix"
    _OWNER: Final = "mail"
    _GROUP: Final = "news"
    _SERVICES: Final = """
        {port}    inet       n - n -     -   smtpd
        postlog   unix-dgram n - n -     1   postlogd
        cleanup   unix       n - n -     0   cleanup
        qmgr      unix       n - n 300   1   qmgr
        tlsmgr    unix       - - n 1000? 1   tlsmgr
        rewrite   unix       - - n -     -   trivial-rewrite
        bounce    unix       - - n -     0   bounce
        defer     unix       - - n -     0   bounce
        trace     unix       - - n -     0   bounce
        error     unix       - - n -     -   error
        retry     unix       - - n -     -   error
        proxymap  unix       - - n -     -   proxymap
        anvil     unix       - - n -     1   anvil
        virtual   unix       - n n -     -   virtual
    """
    _QUEUES: Final = ("incoming", "active", "deferred", "corrupt", "hold")

    def __init__(self, folder: Path, unpacked: Path) -> None:
        super().__init__(folder, unpacked)
        private = (*self._QUEUES, "bounce", "defer", "flush", "private", "saved", "trace")
        for name in (*(f"spool/{one}" for one in private), "data", "mail"):
            _make_room(folder / name, self._OWNER, 0o700)
        for name, mode in (("public", 0o710), ("maildrop", 0o730)):
            _make_room(folder / "spool" / name, self._OWNER, mode)
            os.chown(folder / "spool" / name, -1, grp.getgrnam(self._GROUP).gr_gid)
        (folder / "spool" / "pid").mkdir()
        (folder / "etc").mkdir()
        self._lay_out_key("root")

    def _configure(self, rules: ServerRules) -> None:
        etc, where = self.folder / "etc", self.unpacked / "usr"
        owner = pwd.getpwnam(self._OWNER)
        unknown = "|".join(one.replace(".", r"\.") for one in rules.unknown + rules.unrouteable) or "nobody"
        (etc / "recipients").write_text(f"!/^({unknown})$/ known\n" if rules.knows_recipients else "")
        verdicts = dict.fromkeys(rules.restricted, "REJECT delivery is restricted")
        verdicts |= dict.fromkeys(rules.full, "452 4.2.2 mailbox is full")
        (etc / "access").write_text("".join(f"{one} {what}\n" for one, what in verdicts.items()))
        (etc / "headers").write_text(_header_checks(rules))
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": self.folder / "spool",
            "data_directory": self.folder / "data",
            "meta_directory": etc,
            "daemon_directory": where / "lib/postfix/sbin",
            "command_directory": where / "sbin",
            "shlib_directory": where / "lib/postfix",
            "mail_owner": self._OWNER,
            "setgid_group": self._GROUP,
            "default_privs": "nobody",
            "import_environment": f"LD_LIBRARY_PATH={self._libraries()} MAIL_CONFIG",
            "maillog_file": self.folder / "log",
            "maillog_file_prefixes": self.folder,
            "notify_classes": "",
            "myhostname": f"mail.{DOMAIN}",
            "mydestination": "",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "alias_maps": "",
            "alias_database": "",
            "transport_maps": f"inline:{{ {DOMAIN}=virtual: }}",
            "virtual_mailbox_domains": "",
            "virtual_mailbox_base": self.mail,
            "virtual_mailbox_maps": "static:all/",
            "virtual_uid_maps": f"static:{owner.pw_uid}",
            "virtual_gid_maps": f"static:{owner.pw_gid}",
            "virtual_minimum_uid": "1",
            # What a test sets.
            "mynetworks": "127.0.0.0/8" if rules.relays else "192.0.2.1/32",
            "relay_domains": DOMAIN if rules.relays else "",
            "smtpd_relay_restrictions": f"permit_mynetworks {rules.relay_refusal}_unauth_destination",
            "relay_recipient_maps": f"regexp:{etc / 'recipients'}",
            "smtpd_recipient_restrictions": f"check_recipient_access texthash:{etc / 'access'}",
            "smtpd_data_restrictions": "reject" if rules.refuses_at_data else "",
            "smtpd_milters": "" if rules.finds_filter else NOWHERE,
            "header_checks": f"regexp:{etc / 'headers'}",
            "smtpd_error_sleep_time": "0",
            "smtpd_client_recipient_rate_limit": rules.takes_an_hour,
            "smtpd_client_event_limit_exceptions": "",
            "anvil_rate_time_unit": "1h",
            "message_size_limit": rules.largest,
            "smtpd_discard_ehlo_keywords": "" if rules.tells_largest else "size",
            "smtpd_tls_security_level": "may",
            "smtpd_tls_cert_file": self.folder / CERTIFICATE.name,
            "smtpd_tls_key_file": self.folder / (KEY.name if rules.reads_tls_key else "gone"),
        }
        (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        services = (line.strip() for line in self._SERVICES.strip().splitlines())
        (etc / "master.cf").write_text("\n".join(services).format(port=self.port) + "\n")
        for file in etc.iterdir():  # Postfix waits while a file may still be written to
            os.utime(file, (time.time() - 60,) * 2)

    def _command(self) -> list[str]:
        # If the tests are killed, it ends by itself after an hour.
        master = str(self.unpacked / "usr/lib/postfix/sbin/master")
        return [master, "-c", str(self.folder / "etc"), "-d", "-e", "3600"]

    def _environment(self) -> Mapping[str, str]:
        return {"LD_LIBRARY_PATH": self._libraries()}

    def _queue(self) -> Iterator[Path]:
        for name in self._QUEUES:
            yield from (one for one in (self.folder / "spool" / name).rglob("*") if one.is_file())

    def _logs(self) -> Iterable[Path]:
        return (self.folder / "log",)


class Exim(MailServer):
    """Exim; one router puts all mail into one Maildir."""

    name = "exim"

    def __init__(self, folder: Path, unpacked: Path) -> None:
        super().__init__(folder, unpacked)
        self._user = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("spool", "log", "mail"):
            _make_room(folder / name, self._user.pw_name, 0o700)
        # A copy: Exim starts itself anew as that user, who may not reach the folder of the tests.
        self._program = folder / "exim"
        shutil.copyfile(unpacked / "usr/sbin/exim4", self._program)
        self._program.chmod(0o755)
        self._room = folder / "lib"
        self._room.mkdir()
        for file in unpacked.rglob("*.so*"):
            shutil.copy(file, self._room, follow_symlinks=True)
        ids = f"{self._user.pw_uid}:{self._user.pw_gid}"
        (folder / "passwd").write_text(f"root:x:0:0::/:\nDebian-exim:x:{ids}::/:\n")
        (folder / "group").write_text(f"root:x:0:\nDebian-exim:x:{self._user.pw_gid}:\n")
        self._lay_out_key(self._user.pw_name)

    def _configure(self, rules: ServerRules) -> None:
        relays = rules.relays
        size = f"message_size_limit = {rules.largest}" if rules.tells_largest else ""
        too_big = "" if rules.tells_largest else f"${{if >{{$message_size}}{{{rules.largest}}}}}"
        key = self.folder / (KEY.name if rules.reads_tls_key else "gone")
        (self.folder / "configuration").write_text(f"""
exim_path = {self._program}
spool_directory = {self.folder}/spool
log_file_path = {self.folder}/log/%s
keep_environment = {" : ".join(self._environment())}
primary_hostname = mail.{DOMAIN}
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
smtp_accept_queue_per_connection = 0
never_users =
check_spool_space = 0
check_log_space = 0
tls_advertise_hosts = *
tls_certificate = {self.folder / CERTIFICATE.name}
tls_privatekey = {key}
{size}
hostlist relay_from_hosts = {"127.0.0.1" if relays else ""}
domainlist relay_to_domains = {DOMAIN if relays else ""}
acl_smtp_rcpt = check_rcpt
acl_smtp_predata = check_predata
acl_smtp_data = check_data

begin acl
check_rcpt:
  {"deny " if rules.relay_refusal == "reject" else "defer"}   !hosts = +relay_from_hosts
          !domains = +relay_to_domains
          message = relay not permitted
  {f"deny    ratelimit = {rules.takes_an_hour} / 1h / per_rcpt / strict" if rules.takes_an_hour else ""}
  {"        message = 550 5.7.1 too many messages in an hour" if rules.takes_an_hour else ""}
  deny    recipients = {" : ".join(rules.unknown) if rules.knows_recipients else f"*@{DOMAIN}"}
          message = 550 5.1.1 <$local_part@$domain>: user unknown
  deny    recipients = {" : ".join(rules.restricted)}
          message = 550 5.7.1 <$local_part@$domain>: delivery is restricted
  defer   recipients = {" : ".join(rules.full)}
          message = 452 4.2.2 <$local_part@$domain>: mailbox is full
  require verify = recipient
  accept
check_predata:
  {"deny    message = 554 5.7.1 this message is not accepted" if rules.refuses_at_data else ""}
  accept
check_data:
  {f"deny    condition = ${{readsocket{{{NOWHERE}}}{{}}}}" if not rules.finds_filter else ""}
  {f"deny    condition = {too_big}" if too_big else ""}
  {"        message = 552 5.3.4 message is too big" if too_big else ""}
  {f"deny    message = {_DMARC}" if rules.refuses_by_dmarc else ""}
  deny    condition = ${{if match_address{{${{address:$h_To:}}}}{{{" : ".join(rules.refuses_content_for)}}}}}
          message = 550 5.7.1 this message is not wanted here
  accept

begin routers
city:
  driver = accept
  local_parts = {" : ".join(f"!{one.partition('@')[0]}" for one in rules.unrouteable) or "*"}
  transport = mailbox

begin transports
mailbox:
  driver = appendfile
  maildir_format
  directory = {self.mail}
  envelope_to_add
""")

    def _command(self) -> list[str]:
        # If the tests are killed, it ends with them.
        user = self._user
        as_user = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
        command = [str(self._program), "-C", str(self.folder / "configuration"), "-bdf"]
        return ["setpriv", "--pdeathsig", "TERM", *(as_user if os.geteuid() == 0 else ()), *command]

    def _environment(self) -> Mapping[str, str]:
        return {
            "LD_LIBRARY_PATH": str(self._room),
            "LD_PRELOAD": "libnss_wrapper.so",
            "NSS_WRAPPER_PASSWD": str(self.folder / "passwd"),
            "NSS_WRAPPER_GROUP": str(self.folder / "group"),
        }

    def _queue(self) -> Iterator[Path]:
        yield from (self.folder / "spool" / "input").rglob("*-H")

    def _logs(self) -> Iterable[Path]:
        return sorted((self.folder / "log").glob("*"))


_DMARC: Final = (
    f"550 5.7.26 Unauthenticated mail from {DOMAIN} is not accepted by its DMARC policy. $message_exim_id"
)


def _header_checks(rules: ServerRules) -> str:
    lines = [f"/^From:/ REJECT rejected by DMARC policy for {DOMAIN}"] if rules.refuses_by_dmarc else []
    lines += [f"/^To:.*{one}/ REJECT this message is not wanted here" for one in rules.refuses_content_for]
    return "".join(f"{line}\n" for line in lines)


SERVERS: Final[Mapping[str, type[MailServer]]] = {one.name: one for one in (Postfix, Exim)}


def unpacked(name: str) -> Path:
    """Return where ``.ci/tools`` unpacks a server."""
    return ROOT / "build" / name


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _make_room(folder: Path, owner: str, mode: int) -> None:
    folder.mkdir(parents=True)
    folder.chmod(mode)
    _give(folder, owner)


def _give(path: Path, owner: str) -> None:
    user = pwd.getpwnam(owner)
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)
