"""Pages that Django drew, to be sent again with another visitor's token and device in their places. In memory only."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from circlekeeper.areas.meetings.pages.door import DEVICE_COOKIE
from circlekeeper.areas.meetings.pages.face import Face, Plain
from circlekeeper.serving.ahead import HeaderList, Reply

MOST = 256
# A page can name where a group meets, so it does not stay for longer than an evening's rush.
LASTS = 10 * 60.0
# No byte of a page of ours.
_TOKEN, _DEVICE = "\x00token\x00", "\x00device\x00"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One answer with the places marked where the token and the device stood."""

    status: int
    headers: HeaderList
    body: bytes
    until: float
    token_in_headers: bool

    def reply(self, *, token: str, device: str = "") -> Reply:
        """The answer for someone else who sees the same."""
        body = self.body.replace(_TOKEN.encode(), token.encode()).replace(_DEVICE.encode(), device.encode())
        headers = self.headers
        if self.token_in_headers:
            headers = [(name, value.replace(_TOKEN, token)) for name, value in headers]
        return Reply(self.status, headers, body)


@dataclass(slots=True)
class Pages:
    """The newest pages by face, few enough to forget about."""

    clock: Callable[[], float] = time.monotonic
    _drawn: dict[Face, Drawn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, face: Face) -> Drawn | None:
        """The page of this face, if it was drawn lately."""
        drawn = self._drawn.get(face)
        return drawn if drawn and drawn.until > self.clock() else None

    def keep(self, face: Face, reply: Reply, *, token: str, device: str) -> None:
        """Remember an answer that Django gave to someone with this token, to whom it offered this device."""
        headers = [(name, value.replace(token, _TOKEN)) for name, value in _lasting(face, reply.headers)]
        body = reply.body.replace(token.encode(), _TOKEN.encode())
        if device:
            body = body.replace(device.encode(), _DEVICE.encode())
        in_headers = any(_TOKEN in value for _, value in headers)
        with self._lock:
            self._drawn.pop(face, None)
            self._drawn[face] = Drawn(reply.status, headers, body, self.clock() + LASTS, in_headers)
            while len(self._drawn) > MOST:
                del self._drawn[next(iter(self._drawn))]


def _lasting(face: Face, headers: HeaderList) -> HeaderList:
    """The headers without the cookie of one visitor's device, which each gets anew."""
    if face.step != Plain.SENT_BACK:
        return headers
    return [each for each in headers if each[0] != "Set-Cookie" or not each[1].lstrip().startswith(DEVICE_COOKIE)]
