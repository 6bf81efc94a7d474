"""The app as a server's worker loads it: warm, so that the first reader does not wait."""

from contextlib import suppress

from app import create_app
from app.cache import page_cache
from app.config import LANGUAGES
from app.kit.meter import FOLDER, meter
from app.places import gazetteer
from app.surge.watch import Watch
from app.web import logs
from app.web.metering import CacheMeter

WARM = ("site/home.html", "site/post.html", "reports/new.html", "reports/receipt.html", "comments/new.html")

app = create_app()
logs.keep_in(app.extensions["settings"].local / logs.FOLDER)
gazetteer(app.extensions["campaign"].country)
app.extensions["shelf"].find("")
for code in LANGUAGES:
    with app.test_request_context(f"/?lang={code}"):  # templates are compiled for the language of who asks
        for name in WARM:
            app.jinja_env.get_template(name)
app.extensions["gate"].busy.make()
with suppress(OSError):  # a full disk: then nobody knows what this one counts, and readers are served
    meter.keep_in(app.extensions["settings"].local / FOLDER)
Watch(app.extensions["surge"], app.extensions["gate"].measure, CacheMeter(page_cache(app)), meter.write).start()
