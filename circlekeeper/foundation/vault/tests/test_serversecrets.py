"""The server's own secrets: one file each, made once, whoever is first."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from circlekeeper.foundation.vault import serversecrets

_ASK = """
import sys
from pathlib import Path
from circlekeeper.foundation import keyfile
print(keyfile.read_or_make(Path(sys.argv[1])).hex())
"""


@pytest.fixture(autouse=True)
def forgetful():
    serversecrets.server_secret.cache_clear()
    yield
    serversecrets.server_secret.cache_clear()


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(own_keys_folder):
    made = serversecrets.server_secret("pepper")
    serversecrets.server_secret.cache_clear()

    assert serversecrets.server_secret("pepper") == made == (own_keys_folder / "pepper.key").read_bytes()
    assert len(made) == 32
    assert stat.S_IMODE((own_keys_folder / "pepper.key").stat().st_mode) == 0o600
    assert serversecrets.server_secret("mfa") != made


def test_a_damaged_secret_is_never_replaced(own_keys_folder):
    serversecrets.server_secret("pepper")
    serversecrets.server_secret.cache_clear()
    (own_keys_folder / "pepper.key").write_bytes(b"half")

    with pytest.raises(ValueError, match="pepper.key is damaged"):
        serversecrets.server_secret("pepper")
    assert (own_keys_folder / "pepper.key").read_bytes() == b"half"


def test_processes_that_start_at_once_agree_on_one_secret(own_keys_folder):
    path = own_keys_folder / "ledger.key"

    def ask(_number: int) -> str:
        done = subprocess.run([sys.executable, "-c", _ASK, str(path)], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))

    assert answers == {path.read_bytes().hex()}
    assert [each.name for each in own_keys_folder.iterdir()] == ["ledger.key"]
