"""The founder at the desk: signs in as people do, and decides on what waits, one comment after the other."""

import re
import threading
import time
from collections import Counter

import httpx

from bench.replay.campaign import fingerprint
from tests.server import Server

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
COMMENT = re.compile(r"/desk/comments/(\d+)")
EVERY = 0.5  # seconds between two looks at an empty desk


class Desk(threading.Thread):
    """Publishes what people wrote and sweeps away what is advertising, until told to stop."""

    def __init__(self, site: Server, spam: frozenset[str]) -> None:
        super().__init__(daemon=True)
        self.seconds: list[float] = []
        self.deeds: Counter[str] = Counter()
        self.errors: list[str] = []
        self._site, self._spam = site, spam
        self._told_to_stop = threading.Event()
        self._http = httpx.Client(base_url=site.url, follow_redirects=True, timeout=30)

    def sign_in(self, email: str = "founder@campaign.example") -> None:
        """Claim the site by the link that its first start printed."""
        link = self._site.owner_link
        self._send(link, {"first_name": "Fritzi", "email": email})
        self._send("/desk/sign-in/code", {"code": self._site.code_for(email)})

    def run(self) -> None:
        while not self._told_to_stop.is_set():
            try:
                if not self._decide_some():
                    self._told_to_stop.wait(EVERY)
            except (httpx.HTTPError, AssertionError) as error:
                self.errors.append(f"{type(error).__name__}: {error}")
                self._told_to_stop.wait(EVERY)

    def end(self) -> None:
        self._told_to_stop.set()
        self.join(60)
        self._http.close()

    def _decide_some(self) -> int:
        """Everything on the first page of what waits; how much that was."""
        listing = self._http.get("/desk/comments")
        waiting = list(dict.fromkeys(COMMENT.findall(listing.text)))
        for number in waiting:
            if self._told_to_stop.is_set():
                break
            self._decide(number)
        return len(waiting)

    def _decide(self, number: str) -> None:
        since = time.monotonic()
        [(said, state, edits)] = self._site.rows("SELECT text, state, edits FROM comment WHERE id = ?", int(number))
        if state != "waiting":
            return
        deed = "spam" if fingerprint(said) in self._spam else "publish"
        fields = {"deed": deed, "seen": "waiting", "edits": edits}
        answer = self._send(f"/desk/comments/{number}", fields, "/decisions")
        assert answer.status_code == 200, f"{answer.status_code} for {deed} of comment {number}"
        self.seconds.append(time.monotonic() - since)
        self.deeds[deed] += 1

    def _send(self, path: str, fields: dict[str, str], noun: str = "") -> httpx.Response:
        """Open a page, and send its form with the token that it carries."""
        page = self._http.get(path)
        token = TOKEN.search(page.text)
        assert token, f"no form at {path}: {page.status_code}"
        target = str(page.url.copy_with(query=None)) + noun
        return self._http.post(target, data={**fields, "csrf_token": token.group(1)})
