"""Asking the public name system and the web page itself. Slow, outside any transaction; silence is None, never an answer."""

import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import dns.exception
import dns.flags
import dns.rdatatype
import dns.resolver
from cryptography import x509
from django.conf import settings

from circlekeeper.areas.domain import policyfile, rules
from circlekeeper.areas.domain.rules import Look

_SECONDS = 2.0
_ENOUGH = 2  # questions without an answer, after which nobody is asked any more
_EXTENDED, _DO = 0, 0x8000

log = logging.getLogger(__name__)


class Names:
    """Questions to one resolver: the machine's own, or the one in ``CIRCLEKEEPER_DNS`` (address, or address:port)."""

    def __init__(self, server: str | None = None) -> None:
        named = settings.DNS_SERVER if server is None else server
        self._resolver = dns.resolver.Resolver(configure=not named)
        if named:
            address, _colon, port = named.partition(":")
            self._resolver.nameservers = [address]
            self._resolver.port = int(port or 53)
        self._resolver.lifetime = self._resolver.timeout = _SECONDS
        self._resolver.use_edns(_EXTENDED, _DO, 1232)
        self._resolver.flags = dns.flags.RD | dns.flags.AD
        self._silent = 0

    def ask(self, name: str, kind: str) -> dns.resolver.Answer | bool | None:
        """The answer; False: there is no such record; None: nobody said."""
        if self._silent >= _ENOUGH:
            return None
        try:
            found = self._resolver.resolve(name, kind, raise_on_no_answer=True, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return False
        except (dns.exception.DNSException, OSError, ValueError) as failure:
            log.info("a question to the name system was not answered: %s", type(failure).__name__)
            self._silent += isinstance(failure, dns.exception.Timeout | OSError)
            return None
        return found

    def texts(self, name: str) -> list[str] | None:
        """The TXT records of a name."""
        found = self.ask(name, "TXT")
        if found is None:
            return None
        if isinstance(found, bool):
            return []
        return [b"".join(each.strings).decode(errors="replace") for each in found]

    def tags(self, name: str) -> list[str] | None:
        """The tags of a name's CAA records, or of the next name above it that has some (RFC 8659, 3)."""
        labels = name.split(".")
        for at in range(len(labels) - 1):
            found = self.ask(".".join(labels[at:]), "CAA")
            if found is None:
                return None
            if not isinstance(found, bool):
                return [each.tag.decode() for each in found]
        return []

    def signed(self, name: str) -> tuple[bool | None, bool]:
        """Whether the name is signed, and whether the resolver says that it checked the answer."""
        found = self.ask(name, "DS")
        if found is None:
            return None, False
        if isinstance(found, bool):
            return False, False
        return True, bool(found.response.flags & dns.flags.AD)

    def addresses(self, name: str) -> list[str]:
        """Where the web page of a name is."""
        found = [self.ask(name, kind) for kind in ("A", "AAAA")]
        return [each.address for answer in found if isinstance(answer, dns.resolver.Answer) for each in answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look at."""

    name: str
    selector: str
    told: rules.Told


Certificate = Callable[[str, str], datetime | None]
Policy = Callable[[str, str], str | None]


def look(
    asked: Asked,
    *,
    now: datetime,
    names: Names | None = None,
    certificate: Certificate | None = None,
    policy: Policy | None = None,
) -> list[Look]:
    """Every part of one domain, as it stands now. Takes seconds where nobody answers."""
    ask, name = names or Names(), asked.name
    signed, checked = ask.signed(name)
    return [
        rules.spf(ask.texts(name)),
        rules.dkim(
            ask.texts(f"{asked.selector}._domainkey.{name}") if asked.selector else None, selector=asked.selector
        ),
        rules.dmarc(ask.texts(f"_dmarc.{name}")),
        rules.mta_sts(ask.texts(f"_mta-sts.{name}"), _policy(name, ask, policy or policyfile.fetch)),
        rules.dnssec(signed, checked=checked),
        rules.caa(ask.tags(name)),
        rules.tls(_certificate_end(name, ask, certificate or certificate_at), now=now),
        rules.paid(asked.told, today=now.date()),
        rules.lock(asked.told, today=now.date()),
    ]


def _certificate_end(name: str, ask: Names, certificate: Certificate) -> datetime | None:
    """From a public address only: whoever may type a domain here must not reach into our own network."""
    for address in ask.addresses(name)[:2]:
        if certificate is not certificate_at or ipaddress.ip_address(address).is_global:
            return certificate(name, address)
    return None


def _policy(name: str, ask: Names, policy: Policy) -> str | None:
    """From a public address of the domain's own, for the same reason."""
    for address in ask.addresses(policyfile.host(name))[:2]:
        if policy is not policyfile.fetch or ipaddress.ip_address(address).is_global:
            return policy(name, address)
    return None


def certificate_at(name: str, address: str, port: int = 443) -> datetime | None:
    """When the certificate of a web page ends; None if nobody answers there."""
    # What it says is read, not believed: an expired or self-made certificate has an end too.
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    try:
        with (
            socket.create_connection((address, port), timeout=_SECONDS) as line,
            unchecked.wrap_socket(line, server_hostname=name) as closed,
        ):
            held = closed.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    return x509.load_der_x509_certificate(held).not_valid_after_utc.astimezone(UTC) if held else None
