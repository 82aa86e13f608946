"""The `portal` command line."""

from __future__ import annotations

from importlib import import_module

import click

from portal.config import SettingsError

COMMANDS = {
    "run": ("portal.commands.run", "run"),
    "serve": ("portal.commands.serve", "serve"),
    "worker": ("portal.commands.worker", "worker"),
    "sweep": ("portal.commands.worker", "sweep"),
    "simulate": ("portal.commands.simulate", "simulate"),
    "database": ("portal.commands.database", "database"),
    "demo": ("portal.commands.demonstration", "demo"),
    "procedures": ("portal.commands.procedures", "procedures"),
    "units": ("portal.commands.units", "units"),
    "calendar": ("portal.commands.calendar", "calendar"),
    "due": ("portal.commands.due", "due"),
    "watchdog": ("portal.commands.watchdog", "watchdog"),
    "record": ("portal.commands.records", "record"),
}
"""Name of the command -> module and object. A module is imported when its command is asked for."""


class PortalCommands(click.Group):
    """The commands above, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=PortalCommands)
@click.version_option(package_name="cantho-portal")
def main() -> None:
    """The public services portal: the web, its workers, its data."""
