"""`flask people …`: inviting and revoking from the server's shell."""

import re

import click
from flask_babel import force_locale

from app.extensions import db
from app.kit import names
from app.mail.jobs import send_letters
from app.people.checking import check, the_outside
from app.people.founding import found_organisations
from app.people.letters import write_invitation
from app.people.models import Decision, Invitation, Member, Organisation, Role, Unwelcome
from app.people.models.organisation import DOMAIN_LIKE, TEAM, all_organisations, is_name_free
from app.people.models.proof import Method, NoProof, Proof, ProofState
from app.people.naming import fault_of, fault_of_function
from app.web.commands import Group
from app.web.submission import one_line

SLUG = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(-[a-z0-9]+)*")

people = Group("people", help="Members of the desk and guests of organisations.")


@people.command()
@click.argument("email")
@click.option(
    "--organisation",
    "slug",
    default=TEAM,
    show_default=True,
    help="Whose person it is: team, or an organisation.",
)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="The first name of whom it is for; nobody comes in under another.")
@click.option("--function", default="", help="What the person does in the organisation; public.")
def invite(email: str, slug: str, role: str, name: str, function: str) -> None:
    """Invite EMAIL and print the link, which works once."""
    found_organisations()
    organisation = Organisation.of(slug)
    if organisation is None:
        known = ", ".join(one.slug for one in all_organisations())
        raise click.ClickException(f"there is no organisation {slug!r}; known are: {known}")
    try:
        with force_locale("en"):
            first_name, function = _checked(name, function)
            invitation, token = Invitation.send(
                email, Role(role), organisation, first_name=first_name, function=function
            )
    except Unwelcome as error:
        raise click.ClickException(str(error)) from error
    link = write_invitation(invitation, token)
    db.session.flush()
    Decision.record("invited", f"invitation:{invitation.id}", by=None, reason=f"{role} · {organisation.name}")
    db.session.commit()
    send_letters()
    click.echo(link)


@people.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; kept in the log of decisions.")
def revoke(email: str, reason: str) -> None:
    """End the membership of EMAIL and all its sessions."""
    member = Member.of(email)
    if member is None:
        raise click.ClickException(f"{email} is no member")
    try:
        with force_locale("en"):
            member.revoke(reason)
        Invitation.withdraw_all_of(member)
    except Unwelcome as error:
        raise click.ClickException(str(error)) from error
    Decision.record("revoked", f"member:{member.id}", by=None, reason=reason)
    db.session.commit()
    click.echo(f"{email} can no longer sign in; what they wrote stays.")


@people.command("organisation")
@click.argument("slug")
@click.option("--name", required=True)
@click.option(
    "--domain",
    "domains",
    multiple=True,
    required=True,
    help="An exact mail domain; may be given several times.",
)
@click.option("--verified", "verified_how", required=True, help="How it was verified; public.")
def organisation_(slug: str, name: str, domains: tuple[str, ...], verified_how: str) -> None:
    """Enter the organisation SLUG with the domains its people write from."""
    if not SLUG.fullmatch(slug):
        raise click.BadParameter("a–z, 0–9 and single hyphens are expected, as in my-company", param_hint="SLUG")
    if not all(domain.strip() and verified_how.strip() for domain in domains):
        raise click.BadParameter("a domain, and how it was verified, are expected")
    if strange := [one for one in domains if not DOMAIN_LIKE.fullmatch(one.strip().lower().lstrip("@"))]:
        expected = "is no domain; others than a–z are written as the DNS has them, xn--mller-kva.de for müller.de"
        raise click.BadParameter(f"{strange[0]!r} {expected}", param_hint="--domain")
    name = names.clean(name)
    if Organisation.of(slug) or not is_name_free(name):
        raise click.ClickException(f"there is an organisation {slug!r} already, or one whose name looks like {name!r}")
    found = Organisation.found(slug, name, list(domains), verified_how)
    db.session.commit()
    click.echo(f"{found.name}: people with an address at {', '.join(found.domains)} can be invited.")


def _checked(name: str, function: str) -> tuple[str, str]:
    """Name and function of whom an invitation is for, as they can stand there; in the shell neither is needed."""
    name, function = names.clean(name), one_line(function)
    if fault := (fault_of(name) if name else None) or fault_of_function(function):
        raise Unwelcome(fault)
    return name, function


@people.command()
@click.argument("slug")
@click.option("--domain", required=True, help="Which of its domains.")
@click.option("--method", type=click.Choice([Method.FILE.value, Method.DNS.value]), required=True)
def prove(slug: str, domain: str, method: str) -> None:
    """Ask the organisation SLUG to prove that a domain is its own; print what it is to publish, and where."""
    organisation = _known(slug)
    try:
        with force_locale("en"):
            made = Proof.ask(organisation, Method(method), domain)
    except NoProof as fault:
        raise click.ClickException(str(fault)) from fault
    Decision.record("proof-asked", f"organisation:{slug}", by=None, reason=made.address)
    db.session.commit()
    click.echo(f"{'Address' if method == Method.FILE else 'TXT record'}: {made.address}\nText: {made.words}")


@people.command("check-proofs")
@click.argument("slug")
def check_proofs(slug: str) -> None:
    """Look now whether what the organisation SLUG has published is there; exit 1 unless all of it is."""
    organisation = _known(slug)
    check(_asked_for(organisation), the_outside())
    looked = _asked_for(organisation)
    for one in looked:
        click.echo(f"{one.address}: {one.checked_as or 'found'} ({one.state})")
    if not looked or any(one.checked_as for one in looked):
        raise click.ClickException("not everything was found" if looked else "nothing is asked for")


def _asked_for(organisation: Organisation) -> list[Proof]:
    """What can be looked for, lapsed ones included: new words bring those back."""
    published = [one for one in Proof.of(organisation) if one.method != Method.CALL]
    return [one for one in published if one.state != ProofState.ENDED and not one.is_replaced()]


def _known(slug: str) -> Organisation:
    found_organisations()
    organisation = Organisation.of(slug)
    if organisation is None or organisation.is_team:
        raise click.ClickException(f"there is no organisation {slug!r}")
    return organisation
