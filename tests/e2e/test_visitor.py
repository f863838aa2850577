"""Tests share a browser profile, and yet nobody is known by what an earlier test left there."""

import pytest
from playwright.sync_api import Browser, Page

from .visitor import Visitor

pytestmark = pytest.mark.e2e

LEAVE = """async () => {
    localStorage.setItem('left', '1');
    document.cookie = 'left=1; path=/; max-age=600';
    await new Promise(done => { indexedDB.open('left').onsuccess = done; });
}"""
FIND = """async () => [
    localStorage.length, document.cookie.includes('left'), (await indexedDB.databases()).length
]"""


def test_whatever_a_page_left_in_the_browser_is_forgotten(browser: Browser, url: str):
    visitor = Visitor(browser, url)

    def come() -> Page:
        page = visitor.context.new_page()
        page.goto(f"{url}/_stcore/health")
        return page

    page = come()
    page.evaluate(LEAVE)
    assert page.evaluate(FIND) == [1, True, 1]
    visitor.forget()
    assert page.is_closed()
    assert come().evaluate(FIND) == [0, False, 0]
    visitor.context.close()
