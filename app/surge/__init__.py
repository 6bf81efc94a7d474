"""More people than the site can serve at once: what is left out until they are fewer."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room: nobody gets into the app but past its gate."""
    from app.surge import jobs  # noqa: F401 -- its hours are known from now on
    from app.surge.busy import Busy
    from app.surge.gate import Gate
    from app.surge.pressure import Pressure

    pressure = app.extensions["surge"] = Pressure(app)
    gate = app.extensions["gate"] = Gate(app.wsgi_app, pressure, Busy(app))
    app.wsgi_app = gate  # type: ignore[method-assign]  # the way that Flask documents
