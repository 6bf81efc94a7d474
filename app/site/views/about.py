"""What the law and the readers want to know of the site itself."""

from flask import Response
from flask.typing import ResponseReturnValue

from app.config import campaign
from app.figures.published import named_from
from app.site import theme as colours
from app.site.views.room import bp, public_page
from app.web import headers


@bp.get("/how-we-count")
def how_we_count() -> ResponseReturnValue:
    return public_page("site/how_we_count.html", least=named_from())


@bp.get("/house-rules")
def house_rules() -> ResponseReturnValue:
    return public_page("site/house_rules.html", reasons=campaign().removal_reasons)


@bp.get("/imprint")
def imprint() -> ResponseReturnValue:
    return public_page("site/imprint.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    return public_page("site/privacy.html")


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return public_page("site/accessibility.html")


@bp.get("/attributions")
def attributions() -> ResponseReturnValue:
    return public_page("site/attributions.html")


@bp.get("/theme.css")
def theme() -> ResponseReturnValue:
    """The campaign's colours; the address changes with them."""
    return headers.public(Response(colours.sheet(campaign()), mimetype="text/css"), max_age=86_400)
