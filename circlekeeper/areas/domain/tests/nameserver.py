"""A name server of our own, on 127.0.0.1, as a process: ``python -m … ZONE.json``; prints its port.

The zone is read anew for each question: ``{"name": {"TXT": ["…"]}, "checked": true, "mute": false, "broken": false}``.
"""

import json
import socketserver
import sys
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        asked, line = self.request
        zone: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
        if not zone.get("mute"):
            line.sendto(_answer(dns.message.from_wire(asked), zone).to_wire(), self.client_address)


def _answer(question: dns.message.Message, zone: dict[str, Any]) -> dns.message.Message:
    said = dns.message.make_response(question, recursion_available=True)
    if zone.get("broken"):
        said.set_rcode(dns.rcode.SERVFAIL)
        return said
    wanted = question.question[0]
    name = wanted.name.to_text(omit_final_dot=True)
    kind = dns.rdatatype.to_text(wanted.rdtype)
    if name not in zone:
        said.set_rcode(dns.rcode.NXDOMAIN)
    elif zone[name].get(kind):
        said.answer.append(dns.rrset.from_text(wanted.name, 60, "IN", kind, *zone[name][kind]))
        if zone.get("checked"):
            said.flags |= dns.flags.AD
    return said


if __name__ == "__main__":
    with socketserver.UDPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_address[1], flush=True)  # noqa: T201
        server.serve_forever()
