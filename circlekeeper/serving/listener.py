"""The port, taken before anything else so that a busy one is told at once and a restart never lets it go."""

import errno
import socket

from circlekeeper.serving import trouble

BACKLOG = 1024


def bind(*, host: str, port: int) -> socket.socket:
    """Listen on this address. The socket may be handed to several processes.

    :raises Trouble: the port is taken or forbidden, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        found.bind((host, port))
        found.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        found.close()
        raise _why(error, host=host, port=port) from error
    found.setblocking(False)
    return found


def _why(error: Exception, *, host: str, port: int) -> trouble.Trouble:
    number = getattr(error, "errno", None)
    if number in {errno.EACCES, errno.EPERM}:
        return trouble.port_refused(port)
    if number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return trouble.address_unknown(host)
    return trouble.port_taken(port)
