"""How often something may be tried. Counted in the shared cache under a hash that changes every day.

No address is kept: what is stored is an HMAC of it under our secret and a random salt that is thrown away with the day,
so that not even we can say tomorrow where a request came from.
"""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass

from allauth.core.internal import httpkit, ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from circlekeeper.foundation import clock

_NETWORK_OF_ONE_HOME = 64
_SALT_KEPT = 26 * 60 * 60


def allowed(request: HttpRequest, *, action: str, rate: str, key: str | None = None) -> bool:
    """Count one try and say whether it may go on.

    ``action`` is ``room.what``; ``rate`` as allauth writes it, for example ``"20/h/ip,5/5m/key"``. ``key`` (whatever is
    tried: a handle, a receipt) is kept only as a hash. A GET is never counted.
    """
    secret_key = None if key is None else fingerprint(key)
    used = ratelimit.consume(request, app="circlekeeper", action=action, config={action: rate}, key=secret_key)
    return used is not None


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong tries are borne within ``seconds``. ``key``: whatever tries; it is kept only as a hash."""

    action: str
    key: str
    most: int
    seconds: int

    @property
    def _name(self) -> str:
        window = int(clock.now().timestamp()) // self.seconds
        return f"circlekeeper:throttle:{self.action}:{window}:{fingerprint(self.key)}"

    @property
    def reached(self) -> bool:
        """Whether as many tries were wrong as are borne."""
        return int(cache.get(self._name, 0)) >= self.most

    def count(self) -> None:
        """Count one wrong try; for those who come without a request of their own, as a call does."""
        cache.set(self._name, int(cache.get(self._name, 0)) + 1, timeout=self.seconds)


def address_hash(request: HttpRequest) -> str:
    """A name for where a request comes from, good for one day. Homes with IPv6 count as one."""
    return fingerprint(_network(httpkit.get_client_ip(request) or ""))


def fingerprint(text: str) -> str:
    """HMAC of a text under our secret and today's salt, as 32 hexadecimal digits."""
    salt = _salt(clock.now().date().isoformat())
    return salted_hmac(
        f"circlekeeper.throttle.{salt}", text, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()[:32]


def same(left: str, right: str) -> bool:
    """Compare two texts without telling by the time it takes where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def _salt(day: str) -> str:
    name = f"circlekeeper:throttle:salt:{day}"
    found = cache.get(name)
    if found is None:
        cache.add(name, secrets.token_hex(16), timeout=_SALT_KEPT)
        found = cache.get(name)
    return str(found)


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, _NETWORK_OF_ONE_HOME), strict=False).network_address)
