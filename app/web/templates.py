"""Templates compiled once a language: words, addresses and styles that never change while the site runs become text.

`_("Posts")` is looked up, and `url_for('site.posts')` built, when a template is compiled for a language, not each time
it is rendered. Whatever depends on a variable stays a call.
"""

from collections.abc import Callable, Iterable, MutableMapping
from types import CodeType
from typing import Any, ClassVar, Self

from flask import Flask, current_app
from flask.templating import Environment
from flask_babel import force_locale, get_locale, gettext
from jinja2 import BytecodeCache, Template, nodes
from jinja2 import Environment as JinjaEnvironment
from jinja2.bccache import Bucket
from jinja2.meta import find_referenced_templates
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from app.config import Language, campaign
from app.web.addresses import address_in
from app.web.language import NAMES

Constant = Callable[..., object]


class Codes(BytecodeCache):
    """What was compiled in this process or before it was forked, whichever app it was for."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def get_bucket(self, environment: JinjaEnvironment, name: str, filename: str | None, source: str) -> Bucket:
        bucket = Bucket(environment, self.get_cache_key(name, filename), self.get_source_checksum(source))
        # words and addresses are compiled in, and addresses do not name the language of the campaign
        bucket.key += f" {getattr(environment, 'language', None)} {campaign().language} {current_app.debug}"
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


CODES = Codes()


class Templates(Environment):
    """The app's templates; what they load themselves is of the language in which they were loaded."""

    language: Language | None = None
    needs: ClassVar[dict[str, list[str]]] = {}  # by name, what a template extends, includes and imports

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002 -- Jinja's
        if self.language:
            return super()._load_template(name, globals)
        return self._in(current_language())._load_template(name, globals)  # noqa: SLF001 -- the same class

    def make_globals(self, own: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The app's own where a template has none besides: each import of macros compares them."""
        return super().make_globals(own) if own else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if name:
            self.needs[name] = [each for each in find_referenced_templates(tree) if each]
        if self.language and not current_app.debug:
            with force_locale(self.language):
                _Constants(self.language).visit(tree)
        return tree

    def _in(self, code: Language) -> Self:
        """The same templates, compiled for a language; filters and globals are shared."""
        known: dict[Language, Self] = self.__dict__.setdefault("languages", {})
        if code not in known:
            overlay: Any = self.overlay()  # Any: typed as the class that it was made of
            overlay.language = code
            known[code] = overlay
        return known[code]


class _Constants(NodeTransformer):
    """Puts text in the place of calls that have the same answer whenever they are asked."""

    def __init__(self, code: Language) -> None:
        static_url: Any = current_app.jinja_env.globals["static_url"]  # Any: a global may be anything
        self._known: dict[str, Constant] = {
            "_": lambda text, **values: Markup(gettext(text)) % values,  # noqa: S704 -- our own words, as Jinja's `_`
            "url_for": lambda endpoint, **values: address_in(code, endpoint, **values),
            "static_url": static_url,
        }

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 -- Jinja's way to name it
        self.generic_visit(node)
        known = self._known.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        named = {one.key: one.value for one in node.kwargs}
        parts = [*node.args, *named.values()]
        is_constant = all(isinstance(part, nodes.Const) for part in parts) and not node.dyn_args and not node.dyn_kwargs
        if known is None or not is_constant or any(name.startswith("_") for name in named):
            return node
        values: Any = {name: value.as_const() for name, value in named.items()}  # Any: whatever stands in a template
        answer = known(*(part.as_const() for part in node.args), **values)
        return nodes.Const(answer, lineno=node.lineno, environment=node.environment)


def current_language() -> Language:
    """The language in which words come, as `_` sees it."""
    spoken = str(get_locale())
    return next((code for code in NAMES if code == spoken), "de")


def load(app: Flask, names: Iterable[str]) -> None:
    """Compile these for the current language, and all that they extend, include and import."""
    environment: Any = app.jinja_env  # Any: typed as the class that it was made of
    loaded, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in loaded:
            loaded.add(name)
            environment.get_template(name)
            left += environment.needs.get(name, ())


def init_app(app: Flask) -> None:
    """Have the app make its templates this way."""
    app.jinja_environment = Templates
    app.jinja_options = {**app.jinja_options, "bytecode_cache": CODES}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
