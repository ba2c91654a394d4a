"""The policy of MTA-STS is fetched from the group's own domain, and believed only with the right certificate (TEC14)."""

import http.server
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from circlekeeper.areas.domain import policyfile, rules
from circlekeeper.areas.domain.rules import State

NAME = "circle.example"
ANNOUNCED = ["v=STSv1; id=1"]
POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mail.example\r\nmax_age: 604800\r\n"


class Pages(http.server.BaseHTTPRequestHandler):
    """The policy where it belongs, a redirect to it for whoever asks with the wrong name."""

    def do_GET(self) -> None:
        good = (self.headers["Host"], self.path) == (f"mta-sts.{NAME}", "/.well-known/mta-sts.txt")
        self.send_response(200 if good else 302)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Location", "https://elsewhere.example/")
        self.end_headers()
        self.wfile.write(POLICY.encode())

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Its port, and what to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ours")])
    at = datetime.now(UTC)
    named = x509.SubjectAlternativeName([x509.DNSName(f"mta-sts.{NAME}")])
    begun = x509.CertificateBuilder().subject_name(own).issuer_name(own).public_key(key.public_key())
    dated = begun.serial_number(1).not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=9))
    made = dated.add_extension(named, critical=False).sign(key, hashes.SHA256())
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    server = http.server.HTTPServer(("127.0.0.1", 0), Pages)
    closed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    closed.load_cert_chain(file)
    server.socket = closed.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port, ssl.create_default_context(cafile=str(file))
    server.shutdown()
    server.server_close()


def test_tec14_the_policy_is_read_where_it_must_be(page):
    port, trust = page
    found = policyfile.fetch(NAME, "127.0.0.1", port, trust=trust)
    assert found == POLICY
    assert rules.mta_sts(ANNOUNCED, found).state is State.GOOD


def test_tec14_another_name_or_a_stranger_s_certificate_is_no_policy(page):
    port, trust = page
    for name, believed in (("other.example", trust), (NAME, None)):
        found = policyfile.fetch(name, "127.0.0.1", port, trust=believed)
        assert found == ""
        assert rules.mta_sts(ANNOUNCED, found).why == "no-policy"


def test_tec14_a_network_that_refuses_is_unknown_never_good():
    found = policyfile.fetch(NAME, "127.0.0.1", 9)
    assert found is None
    assert rules.mta_sts(ANNOUNCED, found).state is State.UNKNOWN


@pytest.mark.parametrize("mode", ["testing", "none", ""])
def test_tec14_a_policy_that_is_only_tried_out_is_lacking(mode):
    assert rules.mta_sts(ANNOUNCED, POLICY.replace("enforce", mode)).why == "open"
