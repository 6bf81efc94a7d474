"""Writing under a post."""

from playwright.sync_api import Locator

from tests.browser.reader import Reader

POST = "/posts/gastbeitrag-o2-netz"


def write(reader: Reader, name: str, text: str, path: str = f"{POST}#write") -> None:
    """Fill in the form and send it."""
    page = reader.open(path)
    page.locator("#comment-name").fill(name)
    page.locator("#comment-text").fill(text)
    send(reader)


def send(reader: Reader) -> None:
    reader.page.locator("form[action*='/comments'] [type=submit]:not([name])").click()


def comment(reader: Reader, text: str) -> Locator:
    """The comment that says `text`, on the page that is open."""
    return reader.page.locator("article.comment").filter(has_text=text)
