"""Every page and command that puts several rooms together."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the room."""
    from app.site import assets, audit, context, missing, readiness, retention, serve, views
    from app.site.backup import commands
    from app.site.demo import command

    assets.init_app(app)
    context.init_app(app)
    missing.init_app(app)
    readiness.init_app(app)
    retention.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(audit.audit)
    app.cli.add_command(serve.serve)
    app.cli.add_command(command.demo)
    app.cli.add_command(commands.backup)
