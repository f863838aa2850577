"""A browser profile that outlives a test: it keeps the client's files, and forgets its reader."""

from playwright.sync_api import Browser, BrowserContext, Page

FORGOTTEN = "cookies,local_storage,indexeddb,cache_storage,service_workers,file_systems"
"""What a page may leave in a browser, as the browser calls it; not the files it fetched."""


class Visitor:
    """One reader after another, each of whom this browser has never seen.

    Streamlit's client is megabytes of script. To fetch and compile it takes three times as long as
    to draw a page with it, so it is done once a profile, not once a test.
    """

    def __init__(self, browser: Browser, url: str):
        """Begin with nothing; `url` is a server that lasts as long as this profile."""
        self.context: BrowserContext = browser.new_context()
        # The compiled scripts last as long as their process, and that as long as a page is open.
        self._anchor: Page = self.context.new_page()
        self._anchor.goto(f"{url}/_stcore/health")
        self._devtools = self.context.new_cdp_session(self._anchor)

    def forget(self) -> None:
        """Close all pages, and leave nothing that one of them could be known by."""
        for page in self.context.pages:
            if page is not self._anchor:
                page.close()
        self.context.clear_cookies()
        everywhere = {"origin": "*", "storageTypes": FORGOTTEN}
        self._devtools.send("Storage.clearDataForOrigin", everywhere)
