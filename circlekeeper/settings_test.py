"""Settings for tests: the real ones, with cheap key derivation and file databases that threads can share."""

from circlekeeper.settings import *  # noqa: F403
from circlekeeper.settings import DATA_DIR, DATABASES

DEBUG_KDF_FOR_TESTS = True

for _alias, _database in DATABASES.items():
    if "sqlite" in _database["ENGINE"]:
        _database["TEST"] = {"NAME": DATA_DIR / f"test-{_alias}.sqlite3"}
        _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace("FULL", "OFF")
