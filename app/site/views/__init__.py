"""The street side: pages that anybody may read."""

from app.site.views import about, answers, health, home, lists, post, words
from app.site.views.room import bp

__all__ = ["about", "answers", "bp", "health", "home", "lists", "post", "words"]
