"""Processes beside this one, forked from one that has read the app: to start each anew costs two seconds of CPU."""

from multiprocessing import get_context
from multiprocessing.context import ForkServerContext

READ = ["app", "app.reports.models", "pytest"]  # before the fork


def beside() -> ForkServerContext:
    """The context in which they are made; nothing that this process has in memory or open is in theirs."""
    context = get_context("forkserver")
    context.set_forkserver_preload(READ)
    return context
