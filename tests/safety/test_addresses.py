"""Server-side request forgery: what a stranger types in reaches nothing inside the host's network."""

import asyncio
import json
import socket
import ssl

import httpx2
import pytest

from advisor.case.case import Case
from advisor.errors import BadEndpoint, BadSettings
from advisor.llm.capabilities import find_out
from advisor.llm.client import make_client
from advisor.llm.guard import GuardedTransport
from advisor.llm.probe import probe
from advisor.llm.quirks import Call
from advisor.llm.reach import INSIDE, NEVER, Listed, Reach, reach
from advisor.llm.replies import Reply, ask
from advisor.runs.compare import compare
from advisor.store.repository import Store
from tests.fault_server import FaultServer
from tests.make import case_at

STRANGERS = Reach(hosted=True)

HOSTILE = {
    # this machine, in every notation
    "http://127.0.0.1/v1": INSIDE,
    "http://127.8.8.8:8000/v1": INSIDE,
    "http://localhost:8501/v1": INSIDE,
    "http://LOCALHOST./v1": INSIDE,
    "http://api.localhost/v1": INSIDE,
    "http://127.0.0.1./v1": INSIDE,
    "http://0.0.0.0:8000/v1": INSIDE,
    "http://0/v1": NEVER,
    "http://2130706433/v1": NEVER,
    "http://127.1/v1": NEVER,
    "http://0177.0.0.1/v1": NEVER,
    "http://0x7f000001/v1": NEVER,
    "http://0x7f.0.0.1/v1": NEVER,
    "http://127.0.0.0x1/v1": NEVER,
    "http://①②⑦.0.0.1/v1": INSIDE,
    "http://ⓁⓄⒸⒶⓁⒽⓄⓈⓉ/v1": INSIDE,
    "http://127。0。0。1/v1": INSIDE,
    "http://[::1]:8000/v1": INSIDE,
    "http://[::]/v1": INSIDE,
    "http://[0:0:0:0:0:0:0:1]/v1": INSIDE,
    "http://[::ffff:127.0.0.1]/v1": INSIDE,
    "http://[::ffff:7f00:1]/v1": INSIDE,
    "http://[::7f00:1]/v1": INSIDE,
    "http://[64:ff9b::7f00:1]/v1": INSIDE,
    "http://[2002:7f00:1::]/v1": INSIDE,
    # the host's network
    "http://10.0.0.5/v1": INSIDE,
    "http://172.16.0.1:11434/v1": INSIDE,
    "http://192.168.1.1/v1": INSIDE,
    "http://100.64.0.1/v1": INSIDE,
    "http://169.254.1.1/v1": INSIDE,
    "http://[fe80::1]/v1": INSIDE,
    "http://[fe80::1%25eth0]/v1": INSIDE,
    "http://[fd12:3456::1]/v1": INSIDE,
    "http://[fec0::1]/v1": INSIDE,
    "http://198.18.0.1/v1": INSIDE,
    "http://255.255.255.255/v1": INSIDE,
    "http://db/v1": INSIDE,
    "http://redis:6379/v1": INSIDE,
    "http://printer.local/v1": INSIDE,
    "http://kubernetes.default.svc/v1": INSIDE,
    "http://host.docker.internal:8000/v1": INSIDE,
    "http://nas.home.arpa/v1": INSIDE,
    # the keys of a cloud machine
    "http://169.254.169.254/latest/meta-data": NEVER,
    "http://[::ffff:169.254.169.254]/v1": NEVER,
    "http://[64:ff9b::a9fe:a9fe]/v1": NEVER,
    "http://2852039166/v1": NEVER,
    "http://0xA9FEA9FE/v1": NEVER,
    "http://[fd00:ec2::254]/v1": NEVER,
    "http://[fd20:ce::254]/v1": NEVER,
    "http://100.100.100.200/v1": NEVER,
    "http://169.254.170.2/v1": NEVER,
    "http://168.63.129.16/v1": NEVER,
    "http://metadata.google.internal/v1": INSIDE,
    "http://metadata/v1": INSIDE,
    # many at once
    "http://224.0.0.1/v1": NEVER,
    "http://[ff02::1]/v1": NEVER,
    # ports that are not the web's
    "http://8.8.8.8:25/v1": "Port 25 is not one",
    "https://api.example.com:22/v1": "Port 22 is not one",
    # no address of a model at all
    "http://api.example.com@127.0.0.1/v1": "Take the user name",
    "http://127.0.0.1:80@api.example.com/v1": "Take the user name",
    "http://127.0.0.1\\@api.example.com/v1": "Take the user name",
    "file:///etc/passwd": "is not an address of a model",
    "gopher://127.0.0.1:6379/_FLUSHALL": "is not an address of a model",
    "http://127.0.0.1\n.example.com/v1": "is not an address of a model",
    "http://[::1/v1": "is not an address of a model",
    "http:///v1": "is not an address of a model",
    "unix:///run/docker.sock": "is not an address of a model",
}
"""What a stranger might type, and what they are told."""


def of_names(answers: dict[str, list[list[str]]], asked: list[str]):
    """A resolver that answers a name with the next of its lists, the last one again and again."""

    def resolver(host, port, *rest):
        asked.append(host)
        lists = answers[host]
        found = lists.pop(0) if len(lists) > 1 else lists[0]
        return [
            (
                (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (ip, port, 0, 0))
                if ":" in ip
                else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            )
            for ip in found
        ]

    return resolver


def ask_at(address: str, transport: httpx2.AsyncBaseTransport | None = None) -> Reply:
    async def go() -> Reply:
        async with make_client(address, "k", 2, transport) as client:
            return await ask(client, Call("m", [{"role": "user", "content": "Hi"}], 5))

    return asyncio.run(go())


def guarded(within: Reach, answers: dict[str, list[list[str]]], asked: list[str] | None = None):
    resolver = of_names(answers, [] if asked is None else asked)
    return GuardedTransport(within, ssl.create_default_context(), httpx2.Limits(), resolver)


def test_the_table_is_long_enough():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_before_a_socket_opens(address, host, network):
    host(hosted=True)
    with pytest.raises(BadEndpoint) as refused:
        make_client(address)
    assert HOSTILE[address] in str(refused.value)
    for find in (probe, find_out):
        with pytest.raises(BadEndpoint):
            find(address, "m", "key")
    assert network == []


@pytest.mark.parametrize("address", [a for a, said in HOSTILE.items() if said in (INSIDE, NEVER)])
def test_the_connection_itself_is_guarded_too(address, network):
    # As if the check of the address had been passed by, or two parsers read it differently.
    transport = GuardedTransport(STRANGERS, ssl.create_default_context(), httpx2.Limits())

    async def go() -> None:
        async with httpx2.AsyncClient(transport=transport, trust_env=False) as client:
            await client.get(address)

    with pytest.raises((httpx2.ConnectError, httpx2.InvalidURL)) as refused:
        asyncio.run(go())
    if isinstance(refused.value, httpx2.ConnectError):
        assert str(refused.value) in (INSIDE, NEVER)
    assert network == []


PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["::1"],
        ["::ffff:10.1.2.3"],
        ["64:ff9b::a00:1"],
        ["169.254.169.254"],
        ["fd00:ec2::254"],
        ["0.0.0.0"],
        ["fe80::1%lo"],
        [PUBLIC[0], "127.0.0.1"],
        ["127.0.0.1", PUBLIC[1]],
    ],
    ids=", ".join,
)
def test_a_name_that_points_inside_is_refused_before_a_socket_opens(answers, network):
    reply = ask_at("http://evil.example/v1", guarded(STRANGERS, {"evil.example": [answers]}))
    assert reply.fault is not None
    assert reply.fault.sentence in (INSIDE, NEVER)
    assert reply.fault.severity == "stop_arm"
    assert network == []


def test_a_name_that_changes_its_mind_is_met_where_it_was_checked(network):
    # The first answer is allowed; a second look-up would be told of this machine's other address.
    asked: list[str] = []
    within = Reach(hosted=True, listed=(Listed.read("127.0.0.1/32"),))
    with FaultServer().running() as server:
        port = int(server.url.split(":")[2].removesuffix("/v1"))
        transport = guarded(within, {"rebind.example": [["127.0.0.1"], ["127.0.0.2"]]}, asked)
        reply = ask_at(f"http://rebind.example:{port}/v1", transport)
    assert reply.fault is None
    assert asked == ["rebind.example"]
    met = [said[0] for event, said in network if event == "socket.connect"]
    assert met == ["127.0.0.1"]
    assert server.headers[0]["host"] == f"rebind.example:{port}"


def test_a_name_that_turns_inwards_later_is_refused_at_its_next_connection(network):
    within = Reach(hosted=True, listed=(Listed.read("127.0.0.1/32"),))
    with FaultServer().running() as server:
        port = int(server.url.split(":")[2].removesuffix("/v1"))
        answers = {"rebind.example": [["127.0.0.1"], ["127.0.0.2"]]}
        resolver = of_names(answers, [])
        for expected in (None, INSIDE):
            transport = GuardedTransport(
                within, ssl.create_default_context(), httpx2.Limits(), resolver
            )
            reply = ask_at(f"http://rebind.example:{port}/v1", transport)
            assert (reply.fault and reply.fault.sentence) == expected
    assert len(server.requests) == 1


def test_an_address_that_does_not_answer_is_followed_by_the_next(network):
    within = Reach(hosted=False)
    with FaultServer().running() as server:
        port = int(server.url.split(":")[2].removesuffix("/v1"))
        transport = guarded(within, {"two.example": [["::1", "127.0.0.1"]]})
        assert ask_at(f"http://two.example:{port}/v1", transport).fault is None


def test_a_redirect_is_told_and_not_followed(network):
    def redirect(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(307, headers={"location": "http://169.254.169.254/latest"})

    reply = ask_at("https://api.example.com/v1", httpx2.MockTransport(redirect))
    assert reply.fault is not None
    assert reply.fault.sentence == (
        "api.example.com redirects to http://169.254.169.254/latest; enter that address instead."
    )
    assert network == []


def test_no_proxy_of_the_machine_is_asked(monkeypatch, network):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.9:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.9:9")
    with FaultServer().running() as server:
        assert ask_at(server.url).fault is None
    assert {said[0] for event, said in network if event == "socket.connect"} == {"127.0.0.1"}


def test_a_look_up_that_hangs_ends_with_the_time_out():
    def hangs(*_):
        import time

        time.sleep(3)
        return []

    transport = GuardedTransport(STRANGERS, ssl.create_default_context(), httpx2.Limits(), hangs)

    async def go() -> float:
        loop = asyncio.get_running_loop()
        async with make_client("http://slow.example/v1", "k", 0.3, transport) as client:
            began = loop.time()
            reply = await ask(client, Call("m", [{"role": "user", "content": "Hi"}], 5))
            assert reply.fault is not None
            return loop.time() - began

    assert asyncio.run(go()) < 2


# What the host allows


def test_on_ones_own_machine_local_addresses_work(network):
    with FaultServer().running() as server:
        assert ask_at(server.url).fault is None
        assert probe(server.url.replace("127.0.0.1", "localhost"), "m").ok


@pytest.mark.parametrize("address", [a for a, said in HOSTILE.items() if said == NEVER])
def test_not_even_there_are_the_keys_of_a_cloud_machine_asked_for(address, network):
    with pytest.raises(BadEndpoint, match="No model answers"):
        make_client(address)
    assert network == []


@pytest.mark.parametrize(
    ("listed", "allowed", "refused"),
    [
        ("10.1.0.0/16", "http://10.1.2.3:8000/v1", "http://10.2.0.1/v1"),
        ("10.1.2.3:8000", "http://10.1.2.3:8000/v1", "http://10.1.2.3:22/v1"),
        ("llm.internal", "http://llm.internal:1234/v1", "http://db.internal/v1"),
        ("llm.internal:8000", "http://LLM.internal.:8000/v1", "http://llm.internal:22/v1"),
        ("localhost", "http://localhost:8000/v1", "http://127.0.0.1:8000/v1"),
        ("ollama", "http://ollama:11434/v1", "http://redis:6379/v1"),
        ("[fd12::7]:8000", "http://[fd12::7]:8000/v1", "http://[fd12::8]:8000/v1"),
        ("fd12::/16", "http://[fd12::8]:8000/v1", "http://[fd13::8]:8000/v1"),
        ("mail.example.com:25", "http://mail.example.com:25/v1", "http://other.example.com:25/v1"),
    ],
)
def test_the_host_lists_what_is_allowed_and_no_more(host, listed, allowed, refused):
    host(hosted=True, allowed_addresses=f" {listed} , 192.0.2.1")
    assert make_client(allowed) is not None
    with pytest.raises(BadEndpoint):
        make_client(refused)


def test_a_listed_name_may_point_inside_and_still_not_at_the_keys_of_the_machine(network):
    within = Reach(hosted=True, listed=(Listed.read("llm.internal"),))
    asks = within.addresses
    inside = of_names({"llm.internal": [["10.0.0.7"], ["169.254.169.254"]]}, [])
    assert [str(one.ip) for one in asks("llm.internal", 8000, inside)] == ["10.0.0.7"]
    with pytest.raises(BadEndpoint, match="No model answers"):
        asks("llm.internal", 8000, inside)


@pytest.mark.parametrize("listed", ["169.254.0.0/16", "0.0.0.0/0", "100.100.100.200"])
def test_not_even_a_list_lets_the_keys_of_the_machine_out(host, listed):
    host(hosted=True, allowed_addresses=listed)
    for address in ("http://169.254.169.254/", "http://100.100.100.200/"):
        with pytest.raises(BadEndpoint, match="No model answers"):
            make_client(address)


@pytest.mark.parametrize("entry", ["10.0.0.0/33", "http://x/", "a b", ":80", "10.0.0.256"])
def test_a_list_that_can_not_be_read_stops_the_app_and_is_not_taken_for_empty(host, entry):
    host(hosted=True, allowed_addresses=entry)
    with pytest.raises(BadSettings, match="WORTH_TUNING_ALLOWED_ADDRESSES can't be used"):
        reach()


@pytest.mark.parametrize(
    ("settings", "strangers"),
    [
        ({}, False),
        ({"hosted": "true"}, True),
        ({"hosted": "false"}, False),
    ],
)
def test_who_uses_the_app_is_said_by_the_host(host, settings, strangers):
    host(**settings)
    assert reach().hosted is strangers


@pytest.mark.parametrize(("said", "strangers"), [(None, True), ("false", False)])
def test_a_shared_database_means_strangers_unless_the_host_says_otherwise(
    host, monkeypatch, said, strangers
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/x")
    host(**({} if said is None else {"hosted": said}))
    assert reach().hosted is strangers


OWN = (
    "https://api.openai.com/v1",
    "http://8.8.8.8/v1",
    "HOST:ours",
    "//host:ours",
    "http://host:1",
)


@pytest.mark.parametrize("hosted", [True, False])
@pytest.mark.parametrize("address", OWN)
def test_where_only_the_hosts_addresses_may_be_asked_no_other_is(host, network, address, hosted):
    named = {"ours": {"url": "http://127.0.0.1:9/v1"}}
    host(hosted=hosted, only_endpoints=True, endpoints=json.dumps(named))
    for find in (make_client, lambda own: probe(own, "m"), lambda own: find_out(own, "m")):
        with pytest.raises(BadEndpoint) as refused:
            find(address)
        assert str(refused.value) == (
            "This server asks models only where its host has set them up; choose one of: host:ours."
        )
    assert network == []


def test_there_the_hosts_own_and_the_samples_are_asked(host):
    with FaultServer().running() as server:
        host(hosted=True, only_endpoints=True, endpoints=json.dumps({"ours": {"url": server.url}}))
        assert ask_at("host:ours").fault is None
    assert make_client("replay:clinic_notes") is not None


def test_and_with_none_set_up_only_the_samples(host, tmp_path):
    host(hosted=True, only_endpoints=True)
    case = case_at("https://api.openai.com/v1", 1)
    with pytest.raises(BadEndpoint, match="the samples need none"):
        compare(case, Store.open(tmp_path / "s.db"), {})


# Through the app


def test_a_run_of_a_stranger_opens_no_socket_inside(host, network, tmp_path):
    host(hosted=True)
    store = Store.open(tmp_path / "s.db")
    case = Case.model_validate(
        {
            "title": "t",
            "brief": {"use_case": "general_chatbots"},
            "arms": {
                "base": {"endpoint": "http://127.0.0.1:1/v1", "model": "m"},
                "tuned": {"endpoint": "http://169.254.169.254/v1", "model": "n"},
            },
            "prompts": [{"id": "a", "text": "Hi"}],
        }
    )
    with pytest.raises(BadEndpoint, match=r"inside your network|No model answers"):
        compare(case, store, {})
    assert [met for met in network if met[0] == "socket.connect"] == []
