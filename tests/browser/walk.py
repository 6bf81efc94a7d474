"""Every page there is, one after another: each yields its name once it is open."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.desk import OWNER, sign_in
from tests.browser.reader import Reader
from tests.browser.talk import POST
from tests.server import Server

REPORT = "form[action*='/reports']"
PAGES = {
    "home": "/",
    "posts": "/posts/",
    "guest post": POST,
    "second page of comments": f"{POST}?page=2",
    "official answers": f"{POST}?filter=official",
    "newest comments": f"{POST}?filter=newest",
    "open questions": f"{POST}?filter=questions",
    "helpful comments": f"{POST}?filter=helpful",
    "answers": "/answers/",
    "answers that are none": "/answers/?q=Brieftaube",
    "post with the form": "/posts/wir-sind-einzelfall",
    "post in English": "/posts/we-are-the-isolated-case",
    "organisation": "/organisations/o2",
    "tag": "/tags/netz",
    "author": "/authors/gregor",
    "how we count": "/how-we-count",
    "places": "/places/",
    "a country": "/places/deutschland",
    "a state": "/places/bayern",
    "a city": "/places/berlin",
    "a place with few reports": "/places/kyritz",
    "numbers": "/numbers",
    "numbers of a moment": "/numbers/2011-11-24T10:00",
    "promises": "/promises/",
    "promises that are none": "/promises/?place=kyritz&state=open",
    "a promise that customers answer": "/promises/in-diesen-fuenf-zonen-ist-der-ausbau-weit-fortgeschritten",
    "the ledger": "/ledger/",
    "handovers": "/handovers/",
    "a handover": "/handovers/1",
    "imprint": "/imprint",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "attributions": "/attributions",
    "transparency": "/transparency",
    "house rules": "/house-rules",
    "page that is not there": "/posts/wir-sind-einzelfal",
}
ROOMS = {
    "desk": "/desk/",
    "comments waiting": "/desk/comments",
    "spam": "/desk/comments?state=spam",
    "many at once": "/desk/comments/bulk?state=spam&deed=spam",
    "sample of the spam": "/desk/sample",
    "published comments": "/desk/comments?state=published",
    "removed comments": "/desk/comments?state=removed",
    "changed comments": "/desk/revisions",
    "appeals": "/desk/appeals",
    "answer readers": "/desk/answers?post=gastbeitrag-o2-netz",
    "questions": "/desk/questions",
    "questions to answer": "/desk/answers",
    "held reports": "/desk/held",
    "reports found": "/desk/reports?place=Berlin",
    "reports taken out": "/desk/voidings",
    "texts": "/desk/texts",
    "places": "/desk/places",
    "broken posts": "/desk/posts",
    "decisions": "/desk/decisions",
    "handovers": "/desk/handovers",
    "a handover": "/desk/handovers/1",
    "a new handover": "/desk/handovers/new",
    "people": "/desk/people",
    "figures for companies": "/desk/grants",
    "surge": "/desk/surge",
    "sign-ins": "/desk/sign-ins",
}


def street(reader: Reader) -> Iterator[str]:
    """What readers see."""
    for name, path in PAGES.items():
        reader.open(path)
        yield name
    yield from _me_too(reader)
    yield from _answer(reader)
    yield from _report(reader)
    yield from _comment(reader)


def desk(reader: Reader, site: Server) -> Iterator[str]:
    """What the owner sees, and who wants to come in."""
    reader.open("/desk/sign-in")
    yield "sign in"
    yield from _refused_code(reader)
    reader.open(site.invite("nora@o2.example", "guest", "o2"))
    yield "invitation"
    sign_in(reader, site, OWNER)
    for name, path in ROOMS.items():
        reader.open(path)
        yield name
    yield from _decide(reader)


def _report(reader: Reader) -> Iterator[str]:
    page = reader.open("/reports/new")
    yield "report form"
    _submit(reader)
    expect(page.locator(".faults")).to_be_visible()
    yield "report form with faults"
    page = reader.open("/posts/wir-sind-einzelfall")
    _fill_report(reader)
    page.locator(f"{REPORT} [name=key]").evaluate("field => { field.value = ''; field.form.submit(); }")
    expect(page.locator("dl.facts")).to_be_visible()
    yield "check page of a report"
    _submit(reader)
    expect(page.locator("#receipt-code")).to_be_visible()
    yield "receipt"


def _me_too(reader: Reader) -> Iterator[str]:
    page = reader.open("/places/berlin")
    page.locator("form.me-too [type=submit]").click()
    expect(page.locator(".faults")).to_be_visible()
    yield "me too with faults"
    page.get_by_role("radio").first.check()
    page.locator("[name=key]").evaluate("field => { field.value = ''; field.form.submit(); }")
    expect(page.locator("form.me-too")).to_have_count(0)
    yield "check page of a me too"
    _submit(reader)
    expect(page).to_have_url(re.compile(r"/thanks(\?|$)"))
    yield "thanks for a me too"


def _answer(reader: Reader) -> Iterator[str]:
    page = reader.open("/promises/in-diesen-fuenf-zonen-ist-der-ausbau-weit-fortgeschritten")
    page.locator("#answer-receipt").fill("0000-0000")
    _submit(reader)
    expect(page.locator(".faults")).to_be_visible()
    yield "answer to a claim with faults"


def _fill_report(reader: Reader) -> None:
    page = reader.page
    page.get_by_role("checkbox").nth(1).check()
    page.locator("#report-place").fill("Hamburg")
    page.locator(f"{REPORT} summary").click()
    page.locator("#report-text").fill("Seit zwei Wochen geht abends nichts mehr.")


def _comment(reader: Reader) -> Iterator[str]:
    page = reader.open(f"{POST}/comments/new")
    yield "comment form"
    page.locator("[name=form_token]").evaluate("field => field.form.submit()")
    expect(page.locator(".faults")).to_be_visible()
    yield "comment form with faults"
    page.locator("#comment-name").fill("Lena")
    page.locator("#comment-text").fill(f"Danke für die Antwort, in **Altona** bleibt es dunkel. {reader.device.name}")
    page.locator("[name=key]").evaluate("field => { field.value = ''; field.form.submit(); }")
    expect(page.locator("article.is-own")).to_be_visible()
    yield "check page of a comment"
    _submit(reader)
    expect(page).to_have_url(re.compile(r"/comments/[0-9A-Z-]{29}\?"))
    yield "thanks for a comment"
    yield from _own_comment(reader)


def _own_comment(reader: Reader) -> Iterator[str]:
    page = reader.page
    page.locator("a[href*='/edits/new']").click()
    page.locator("#edit-text").fill("In **Altona** ist es seit heute wieder hell.")
    yield "edit of a comment"
    page.locator("main [name=preview]").click()
    expect(page.locator("article.is-own strong")).to_be_visible()
    yield "preview of an edit"
    _submit(reader)
    expect(page.locator("main [role=status]").first).to_be_visible()
    yield "comment that was edited"
    page.locator("form[action*='/withdrawals'] [type=submit]").click()
    yield "question before a withdrawal"
    _submit(reader)
    expect(page.locator("form[action*='/returns']")).to_be_visible()
    yield "comment that was taken back"
    own = page.url
    page.locator("form[action*='/erasures'] [type=submit]").click()
    yield "question before an erasure"
    _submit(reader)
    expect(page).to_have_url(re.compile(r"/comments/erased"))
    yield "erased comment"
    reader.open(own)
    yield "address of an erased comment"


def _refused_code(reader: Reader) -> Iterator[str]:
    reader.page.locator("#sign-in-email").fill("nobody@einzelfall.example")
    _submit(reader)
    expect(reader.page.locator("#sign-in-code")).to_be_visible()
    yield "code"
    reader.page.locator("#sign-in-code").fill("000000")
    _submit(reader)
    expect(reader.page.locator(".faults")).to_be_visible()
    yield "refused code"


def _decide(reader: Reader) -> Iterator[str]:
    page = reader.open("/desk/comments?state=published")
    page.locator("a.more").first.click()
    expect(page.locator("h1")).to_contain_text("Kommentar von")
    page.locator("details.remove summary").click()
    yield "comment at the desk"
    page.locator("[name=reason]").fill("Beleidigung")
    page.locator("[name=deed][value=remove]").click()
    expect(page.locator(".note.flash")).to_be_visible()
    yield "decision that can be undone"
    page.locator(".note.flash [type=submit]").click()
    expect(page.locator(".note.flash form")).to_have_count(0)
    yield "decision that was undone"
    page = reader.open(ROOMS["answer readers"])
    page.locator(".item .decide a").first.click()
    expect(page.locator("#answer-text")).to_be_visible()
    yield "answer to a reader"
    reader.open("/desk/no-such-room")
    yield "room that is not there"


def _submit(reader: Reader) -> None:
    reader.page.locator("main form [type=submit]").first.click()
