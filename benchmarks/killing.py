"""The real processes, to be killed and started again: gunicorn, the outbox worker and a PostgreSQL of its own."""

import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil  # comes with the wheel of the embedded PostgreSQL

from mantelzorg.embedded_database import EmbeddedServer

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60
WEB_WORKERS = 4  # three presses on one button are handled at once, and wait for each other


def kill(processes: list[psutil.Process]) -> None:
    """All at once; and none of them is left when this returns."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    until = time.monotonic() + PATIENCE
    while any(is_alive(process) for process in processes):
        if time.monotonic() > until:
            raise TimeoutError("What was killed does not end.")
        time.sleep(0.01)


def is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


class Database(EmbeddedServer):
    """An embedded PostgreSQL in a folder of its own, that can be killed."""

    def postmaster(self) -> psutil.Process | None:
        with suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            process = psutil.Process(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
            if str(self.data) in process.cmdline():  # after a kill that number may be somebody else's
                return process
        return None

    def processes(self) -> list[psutil.Process]:
        """The postmaster first: killed first, it cannot put the others in order."""
        postmaster = self.postmaster()
        if postmaster is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return [postmaster, *postmaster.children(recursive=True)]
        return []

    def of_connections(self) -> list[psutil.Process]:
        found = []
        for process in self.processes()[1:]:
            with suppress(psutil.NoSuchProcess, IndexError):
                if "mantelzorg_bench_app" in process.cmdline()[0]:
                    found.append(process)
        return found

    def start_again(self) -> None:
        self._ensure_running()

    def remove(self) -> None:
        """Stop it, and leave nothing of it behind, also where its data could not be in our folder."""
        self.leave()
        kill(self.processes())  # it was being killed or started when we had to stop
        if self.socket_folder != self.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        if not self._at_home:
            shutil.rmtree(self.data.parent, ignore_errors=True)


class Portal:
    """The web server and the worker before that database. The processes have their errors in a file each."""

    WEB = ("-m", "gunicorn", "--config", "mantelzorg/gunicorn.py")
    WORKER = ("manage.py", "outbox_worker")

    def __init__(self, database: Database, port: int, logs: Path, environment: dict[str, str]):
        self.database, self.port = database, port
        more = {"BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(WEB_WORKERS), "WEB_LOG_LEVEL": "warning"}
        self.environment = environment | more
        self.logs = {self.WEB: logs / "web.log", self.WORKER: logs / "worker.log"}
        self.running: dict[tuple[str, ...], subprocess.Popen] = {}

    def __enter__(self) -> "Portal":
        for log in self.logs.values():
            log.write_bytes(b"")
        self.start()
        return self

    def __exit__(self, *_) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE / 2)
        for command in list(self.running):
            self._kill(command)

    def start(self) -> None:
        """Whatever does not run, and wait until all of it answers."""
        self.database.start_again()
        for command in (self.WEB, self.WORKER):
            if command not in self.running:
                with self.logs[command].open("ab") as log:
                    self.running[command] = subprocess.Popen(
                        [sys.executable, *command],
                        cwd=PROJECT,
                        env=self.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            for command, process in self.running.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} ended by itself: {self.logs[command]} says why.")
            if time.monotonic() > until:
                raise TimeoutError(f"The web server does not answer: {self.logs[self.WEB]} says why.")
            time.sleep(0.05)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    # Each says whether there was something to kill -------------------------------------------------------------------

    def kill_web(self) -> bool:
        return self._kill(self.WEB)

    def kill_worker(self) -> bool:
        return self._kill(self.WORKER)

    def _kill(self, command: tuple[str, ...]) -> bool:
        process = self.running.pop(command, None)
        if process is None:
            return False
        with suppress(psutil.NoSuchProcess):
            master = psutil.Process(process.pid)
            kill([master, *master.children(recursive=True)])
        process.wait()
        return True

    def kill_one_of_web(self, chance: random.Random) -> bool:
        """The web server itself starts another one."""
        return self._kill_one(psutil.Process(self.running[self.WEB].pid).children(), chance)

    def kill_database(self) -> bool:
        everything = self.database.processes()
        kill(everything)
        return bool(everything)

    def kill_one_of_database(self, chance: random.Random) -> bool:
        """PostgreSQL then ends all connections, and recovers by itself."""
        return self._kill_one(self.database.of_connections(), chance)

    def _kill_one(self, processes: list[psutil.Process], chance: random.Random) -> bool:
        if processes:
            kill([chance.choice(processes)])
        return bool(processes)

    def kill_everything(self) -> None:
        self.kill_database()
        self.kill_web()
        self.kill_worker()
