"""One backup file: a tar of named parts inside age (X25519 recipients). Written whole or not at all."""

import errno
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage import x25519

from circlekeeper.foundation.backup import faults

FORMAT = 1
MANIFEST = "manifest.json"
_PART = re.compile(r"(keys/)?[a-z0-9][a-z0-9._-]{0,63}")
_CHUNK = 1 << 20
_BLOCK = 512

Source = Path | bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. ``database``: ``sqlite`` or ``postgresql``."""

    format: int
    made_at: datetime
    release: str
    database: str

    def as_bytes(self) -> bytes:
        """As it stands in the archive."""
        said = {"format": self.format, "made_at": self.made_at.isoformat(), "release": self.release}
        return json.dumps(said | {"database": self.database}).encode()

    @classmethod
    def of(cls, raw: bytes) -> "Manifest":
        """Read it.

        :raises BackupFailed: not ours, or newer than this release understands.
        """
        try:
            said = json.loads(raw)
            found = cls(
                int(said["format"]), datetime.fromisoformat(said["made_at"]), said["release"], said["database"]
            )
        except (ValueError, KeyError, TypeError):
            raise faults.damaged() from None
        if found.format > FORMAT:
            raise faults.newer()
        return found


class Draft:
    """A backup that is written and not yet in its place: ``keep`` gives it its name, leaving the block removes it."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.place = target.with_name(f".{target.name}.{secrets.token_hex(8)}")

    def __enter__(self) -> "Draft":
        if self.target.exists():
            raise faults.exists()
        return self

    def __exit__(self, *failure: object) -> None:
        self.place.unlink(missing_ok=True)

    def write(self, parts: Mapping[str, Source], recipients: Sequence[x25519.Recipient]) -> int:
        """Close the parts for the recipients; the bytes are on the disk when this returns. Returns how many.

        :raises BackupFailed: there is no room, or it may not be written there.
        """
        try:
            handle = os.open(self.place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                _Sealing(file).run(parts, recipients)
                file.flush()
                os.fsync(file.fileno())
            return self.place.stat().st_size
        except OSError as failure:
            raise faults.not_written(full=failure.errno in _FULL) from None

    def keep(self) -> None:
        """Give the file its name. A link and not a rename: a file that appeared meanwhile is not overwritten.

        :raises BackupFailed: something has that name now, or the disk refused.
        """
        try:
            self._name()
            handle = os.open(self.target.parent, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        except FileExistsError:
            raise faults.exists() from None
        except OSError as failure:
            raise faults.not_written(full=failure.errno in _FULL) from None

    def _name(self) -> None:
        try:
            os.link(self.place, self.target)
        except OSError as failure:
            # Memory sticks often know no links.
            if failure.errno not in _NO_LINKS or self.target.exists():
                raise
            os.rename(self.place, self.target)


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class _Sealing:
    """Runs parts through age into a file and remembers what the disk said, which age does not pass on."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.trouble: OSError | None = None

    def run(self, parts: Mapping[str, Source], recipients: Sequence[x25519.Recipient]) -> None:
        try:
            pyrage.encrypt_io(_Reading(_tar(parts)), self, list(recipients))
        except (pyrage.EncryptError, OSError) as failure:
            raise self.trouble or OSError(errno.EIO, "encryption") from failure

    def write(self, piece: bytes) -> int:
        try:
            return self.file.write(piece)
        except OSError as failure:
            self.trouble = failure
            raise

    def flush(self) -> None:
        try:
            self.file.flush()
        except OSError as failure:
            self.trouble = failure
            raise


class _Reading:
    """Chunks as a file that can be read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            following = next(self._chunks, None)
            if following is None:
                return b""
            self._left = memoryview(following)
        taken = self._left[: size if size > 0 else len(self._left)]
        self._left = self._left[len(taken) :]
        return bytes(taken)


def _tar(parts: Mapping[str, Source]) -> Iterator[bytes]:
    """A tar, piece by piece: nothing but the database's copy is ever on the disk in clear."""
    for name, source in parts.items():
        head = tarfile.TarInfo(name)
        head.size = len(source) if isinstance(source, bytes) else source.stat().st_size
        head.mode = 0o600
        yield head.tobuf(tarfile.PAX_FORMAT)
        yield from (source,) if isinstance(source, bytes) else _pieces(source)
        yield b"\0" * (-head.size % _BLOCK)
    yield b"\0" * (2 * _BLOCK)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def unpack(path: Path, folder: Path, identities: Sequence[x25519.Identity]) -> Manifest:
    """Open a backup and put its parts into a folder of mode 0700. Nothing is written unless all of it is genuine.

    :raises BackupFailed: it cannot be read, is damaged, is not for these identities, or there is no room.
    """
    if not identities:
        raise faults.no_key()
    whole = folder / ".archive.tar"
    try:
        _decrypt(path, whole, identities)
        with tarfile.open(whole) as tar:
            for member in tar:
                if not member.isreg() or not _PART.fullmatch(member.name):
                    raise faults.damaged()
                _take_out(tar, member, folder / member.name)
        return Manifest.of((folder / MANIFEST).read_bytes())
    except tarfile.TarError:
        raise faults.damaged() from None
    except OSError as failure:
        raise faults.not_written(full=failure.errno in _FULL) from None
    finally:
        whole.unlink(missing_ok=True)


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """One regular file whose name was looked at; ``TarFile.extract`` would need a ``filter``, unknown to Python 3.11.2."""
    into.parent.mkdir(mode=0o700, exist_ok=True)
    part = tar.extractfile(member)
    if part is None:
        raise faults.damaged()
    with part, into.open("xb") as file:
        into.chmod(0o600)
        shutil.copyfileobj(part, file, _CHUNK)


def _decrypt(path: Path, into: Path, identities: Sequence[x25519.Identity]) -> None:
    try:
        closed = path.open("rb")
    except OSError:
        raise faults.unreadable() from None
    with closed, into.open("xb") as opened:
        into.chmod(0o600)
        out = _Sealing(opened)
        try:
            pyrage.decrypt_io(closed, out, list(identities))
            out.flush()
        except pyrage.DecryptError as failure:
            if out.trouble:
                raise out.trouble from None
            # The library has one error for both; its text is the only difference.
            raise (faults.wrong_key() if "No matching keys" in str(failure) else faults.damaged()) from None
        except OSError:
            raise out.trouble or faults.damaged() from None
