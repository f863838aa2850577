"""Sources are fetched politely from real servers: what each answer becomes, and how they are asked."""

import threading

import pytest

from advisor.llm.upkeep.fetch import fetch_all
from pricing.compared import Fetched
from tests.page_server import Page, PageServer


def fetched(page, tmp_path=None):
    with PageServer({"/page": page}).running() as server:
        return fetch_all([f"{server.url}/page"], tmp_path)[f"{server.url}/page"]


def test_a_page_comes_with_its_kind():
    assert fetched(Page("words", "text/markdown; charset=utf-8")) == Fetched(
        200, "words", "text/markdown"
    )


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_a_refusal_is_told_by_its_status(status):
    assert fetched(Page("Go away", status=status)).status == status


def test_a_redirect_is_told_and_not_followed():
    with PageServer({"/page": Page(status=301, location="/new"), "/new": "x"}).running() as server:
        found = fetch_all([f"{server.url}/page"])[f"{server.url}/page"]
        assert found == Fetched(301, moved_to=f"{server.url}/new")
    assert server.asked == ["/robots.txt", "/page"]


def test_a_page_that_breaks_off_is_not_whole():
    assert not fetched(Page("a" * 10_000, breaks_off=True)).whole


def test_nobody_there_is_told_without_asking_again():
    with PageServer({}).running() as server:
        pass
    addresses = [f"{server.url}/{n}" for n in range(3)]
    assert fetch_all(addresses) == dict.fromkeys(addresses, Fetched(why="away"))


def test_robots_txt_is_obeyed():
    rules = "User-agent: *\nDisallow: /private"
    pages = {"/robots.txt": rules, "/private": "x", "/open": "y"}
    with PageServer(pages).running() as server:
        found = fetch_all([f"{server.url}/private", f"{server.url}/open"])
    assert found[f"{server.url}/private"] == Fetched(why="robots")
    assert found[f"{server.url}/open"].body == "y"
    assert "/private" not in server.asked


def test_rules_that_cannot_be_had_bar_everything():
    with PageServer({"/robots.txt": Page(status=503), "/page": "x"}).running() as server:
        assert fetch_all([f"{server.url}/page"]) == {f"{server.url}/page": Fetched(why="robots")}


def test_what_has_not_changed_is_not_sent_again(tmp_path):
    with PageServer({"/page": "words"}).running() as server:
        address = f"{server.url}/page"
        first, again = (fetch_all([address], tmp_path / "cache")[address] for _ in range(2))
        assert first == again == Fetched(200, "words", "text/html")
        assert server.unchanged == 1
        server.pages["/page"] = "other words"
        assert fetch_all([address], tmp_path / "cache")[address].body == "other words"


def test_a_spoiled_cache_is_fetched_again(tmp_path):
    with PageServer({"/page": "words"}).running() as server:
        address = f"{server.url}/page"
        fetch_all([address], tmp_path)
        for kept in tmp_path.iterdir():
            kept.write_text("{")
        assert fetch_all([address], tmp_path)[address].body == "words"


@pytest.mark.parametrize("inside", ["http://169.254.169.254/latest", "http://[fd00:ec2::254]/"])
def test_the_keys_of_a_cloud_machine_are_out_of_reach(inside):
    found = fetch_all([inside])[inside]
    assert found.why == "away"
    assert found.detail


def test_one_request_a_host_at_a_time_and_hosts_beside_each_other():
    together = threading.Barrier(8)

    def all_hosts_are_asked(_):
        together.wait(60)  # broken, and so no answer, unless all eight are asked at once
        return Page("x")

    server = PageServer({"/0": all_hosts_are_asked, "/1": "y"}, hosts=8)
    with server.running():
        found = fetch_all([f"{url}/{n}" for url in server.urls for n in range(2)])
    assert [answer.status for answer in found.values()] == [200] * 16
    assert set(server.most_at_once.values()) == {1}
    assert len(server.asked) == 8 * 3  # robots.txt, and two pages
