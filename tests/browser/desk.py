"""Coming in at the desk, as people do: a link, a first name, a code from the mailbox."""

from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.server import Server

OWNER = "thea@einzelfall.example"  # who owns the demo

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def join(reader: Reader, site: Server, link: str, email: str, first_name: str) -> None:
    """Follow an invitation to the desk."""
    page, before = reader.open(link), len(site.codes_for(email))
    page.locator("#join-first_name").fill(first_name)
    if page.locator("#join-email").count():
        page.locator("#join-email").fill(email)
    page.get_by_role("button", name="Code senden").click()
    type_code(reader, site.code_for(email, after=before))
    expect(page.get_by_text(f"Willkommen, {first_name}.")).to_be_visible()


def sign_in(reader: Reader, site: Server, email: str) -> None:
    page, before = reader.open("/desk/sign-in"), len(site.codes_for(email))
    page.locator("#sign-in-email").fill(email)
    page.locator("main [type=submit]:not([name])").click()
    type_code(reader, site.code_for(email, after=before))


def type_code(reader: Reader, code: str) -> None:
    page = reader.page
    page.locator("#sign-in-code").fill(code)
    reader.look()
    page.locator("main [type=submit]:not([name])").click()
    expect(page.locator(".lanes")).to_be_visible()
    reader.look()


def sign_out(reader: Reader) -> None:
    reader.page.get_by_role("button", name="Abmelden").click()
    expect(reader.page.locator("#sign-in-email")).to_be_visible()


def has_device(reader: Reader) -> None:
    """Chromium's own virtual authenticator, which makes real keys and signs with them."""
    tools = reader.context.new_cdp_session(reader.page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def set_up_passkey(reader: Reader) -> None:
    has_device(reader)
    page = reader.open("/desk/passkeys")
    page.locator("[data-field=passkey]").click()
    expect(page.locator(".item [name=name]")).to_be_visible()
