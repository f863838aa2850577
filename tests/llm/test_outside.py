"""The way out: a company's own certificates, and its proxy; which addresses may be asked stays."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from authlib.integrations.starlette_client.apps import StarletteOAuth2App
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from advisor.errors import BadSettings
from advisor.host.settings import exposure, hosting
from advisor.llm.guard import GuardedTransport, guarded
from advisor.llm.outside import Proxy, proxy, tls
from advisor.llm.reach import INSIDE, NEVER, Reach
from pages.ui.server.provider import by_the_way_out
from tests.fault_server import FaultServer
from tests.proxy import EgressProxy

PUBLIC = "93.184.216.34"


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Sets variables of the host; what was read before is read again."""
    exposure.cache_clear()
    yield monkeypatch
    exposure.cache_clear()


def certificate(folder: Path) -> tuple[Path, Path]:
    """One that signs itself for localhost, as a company's own authority would; and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "company")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "company.pem", folder / "key.pem"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server with a certificate of the company's own: its port, and the authority's file."""
    authority, key = certificate(tmp_path)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, authority
    server.shutdown()
    server.server_close()


def get(address: str, transport: httpx2.AsyncBaseTransport) -> str:
    async def go() -> str:
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            return (await client.get(address)).text

    return asyncio.run(go())


@pytest.mark.parametrize("variable", ["WORTH_TUNING_CA_FILE", "SSL_CERT_FILE"])
def test_a_company_s_own_authority_is_trusted_where_the_host_names_it(inside, host, variable):
    port, authority = inside
    address = f"https://127.0.0.1:{port}/"
    with pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        get(address, guarded(Reach()))
    host.setenv(variable, str(authority))
    exposure.cache_clear()
    assert get(address, guarded(Reach())) == "ok"
    assert len(tls().get_ca_certs()) > 1  # the public ones are trusted as before


def test_the_sign_in_trusts_it_too(inside, host):
    port, authority = inside
    host.setenv("WORTH_TUNING_CA_FILE", str(authority))
    for name in ("METADATA_URL", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "COOKIE_SECRET"):
        host.setenv(f"WORTH_TUNING_OIDC_{name}", "said")
    exposure.cache_clear()
    hosting.cache_clear()
    host.setattr(StarletteOAuth2App, "client_cls", StarletteOAuth2App.client_cls)
    by_the_way_out()

    async def ask() -> str:
        async with StarletteOAuth2App.client_cls(client_id="c") as client:
            address = f"https://127.0.0.1:{port}/"
            return (await client.request("GET", address, withhold_token=True)).text

    assert asyncio.run(ask()) == "ok"
    hosting.cache_clear()


def test_certificates_that_can_t_be_read_are_a_sentence(host, tmp_path):
    (tmp_path / "none.pem").write_text("no certificate")
    for name in ("none.pem", "missing.pem"):
        host.setenv("WORTH_TUNING_CA_FILE", str(tmp_path / name))
        exposure.cache_clear()
        with pytest.raises(BadSettings, match="WORTH_TUNING_CA_FILE takes a file of them in PEM"):
            tls()


def answers(ip: str):
    def resolver(name: str, port: int, *rest: object) -> list[object]:
        if ip == "":
            raise socket.gaierror("no such name here")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    return resolver


@pytest.mark.parametrize(
    ("within", "ip", "asked"),
    [
        (Reach(hosted=True), PUBLIC, f"CONNECT {PUBLIC}:80 HTTP/1.1"),
        (Reach(), PUBLIC, "CONNECT api.example:80 HTTP/1.1"),
        (Reach(), "", "CONNECT api.example:80 HTTP/1.1"),
    ],
)
def test_what_is_outside_is_asked_through_the_proxy(within, ip, asked):
    with FaultServer().running() as server:
        company = EgressProxy(int(server.url.split(":")[2].removesuffix("/v1")))
        with company.running() as at:
            name, port = at.split(":")
            way = Proxy(name, int(port), "Basic dTpw")
            transport = GuardedTransport(within, tls(), httpx2.Limits(), answers(ip), way)
            get("http://api.example/v1/models", transport)
    assert company.asked == [asked, "Proxy-Authorization: Basic dTpw"]
    assert [sent["host"] for sent in server.headers] == ["api.example"]


def test_what_is_inside_is_asked_directly_and_a_stranger_may_not_even_through_the_proxy():
    with FaultServer().running() as server:
        port = int(server.url.split(":")[2].removesuffix("/v1"))
        company = EgressProxy(port)
        with company.running() as at:
            way = Proxy(at.split(":")[0], int(at.split(":")[1]))
            inside = answers("127.0.0.1")
            get(server.url, GuardedTransport(Reach(), tls(), httpx2.Limits(), inside, way))
            for ip in ("127.0.0.1", "10.0.0.1", "169.254.169.254"):
                strangers = GuardedTransport(
                    Reach(hosted=True), tls(), httpx2.Limits(), answers(ip), way
                )
                with pytest.raises(httpx2.ConnectError) as refused:
                    get("http://api.example/", strangers)
                assert str(refused.value) in (INSIDE, NEVER)
    assert company.asked == []
    assert len(server.requests) == 1


def test_a_proxy_that_refuses_is_named():
    company = EgressProxy(1)
    company.refuses = True
    with company.running() as at:
        way = Proxy(at.split(":")[0], int(at.split(":")[1]))
        transport = GuardedTransport(Reach(), tls(), httpx2.Limits(), answers(PUBLIC), way)
        with pytest.raises(httpx2.ConnectError, match=r"proxy 127\.0\.0\.1 refused: .* 403"):
            get("http://api.example/", transport)


def test_the_setting_is_read_and_a_form_that_is_none_is_a_sentence(host):
    host.setenv("WORTH_TUNING_EGRESS_PROXY", "http://u:p%40@proxy.example.org:3128")
    exposure.cache_clear()
    assert proxy() == Proxy("proxy.example.org", 3128, "Basic dTpwQA==")
    host.setenv("WORTH_TUNING_EGRESS_PROXY", "socks5://proxy:1080")
    exposure.cache_clear()
    with pytest.raises(BadSettings, match="WORTH_TUNING_EGRESS_PROXY") as refused:
        proxy()
    assert "1080" not in str(refused.value)
