"""Settings for tests: the real ones, with cheap key derivation and file databases that threads can share."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The test runner reads these settings before any conftest, so the throw-away folder is made here. A child process
# (a command under test) keeps the folder its parent gave it; each worker of a parallel run has one of its own.
if os.environ.get("CIRCLEKEEPER_TEST") != os.environ.get("PYTEST_XDIST_WORKER", "alone"):
    _data = Path(tempfile.mkdtemp(prefix="circlekeeper-test-"))
    atexit.register(shutil.rmtree, _data, ignore_errors=True)
    (_data / "static").mkdir()
    os.environ |= {
        "CIRCLEKEEPER_TEST": os.environ.get("PYTEST_XDIST_WORKER", "alone"),
        "CIRCLEKEEPER_DATA": str(_data),
        "CIRCLEKEEPER_KDF": "tests",
    }

from circlekeeper.settings import *  # noqa: F403
from circlekeeper.settings import DATA_DIR, DATABASES

DEBUG_KDF_FOR_TESTS = True

for _alias, _database in DATABASES.items():
    if "sqlite" in _database["ENGINE"]:
        _database["TEST"] = {"NAME": DATA_DIR / f"test-{_alias}.sqlite3"}
        _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace("FULL", "OFF")

# Nobody answers there: tests ask no name server of the world.
OWN_SERVICES = frozenset({"127.0.0.1"})
DNS_SERVER = "127.0.0.1:9"
