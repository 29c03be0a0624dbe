"""The command line. Each command is a module of its own, loaded when it is called: a filter starts no engine."""

import sys
from importlib import import_module

import click

COMMANDS = ("run", "text", "detect", "explain", "undo", "verify")
OK, FAILED, USAGE = 0, 1, 2
"""Exit codes: done; done, but something did not hold (outputs are kept); wrong usage or input that cannot be used."""


class LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"flows.cli.{cmd_name}").command
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 done, but something did not hold (outputs kept); 2 wrong usage or unusable input.",
)
@click.version_option(package_name="mojimend", prog_name="mojimend")
def cli() -> None:
    """Repair garbled simplified Chinese, with evidence for every change.

    \b
    A line:      echo 鍏充簬鍋氬ソ闃叉睕宸ヤ綔鐨勯€氱煡 | mojimend text
    A file:      mojimend explain page.txt
    An archive:  mojimend run archive/ --output out/
                 mojimend verify out/latest
    """  # noqa: D301 - \b tells click to keep the lines


def main() -> None:
    """Run the command line; what a user can mend is told in one line, without a traceback."""
    try:
        cli(prog_name="mojimend")
    except BrokenPipeError:
        # The reader of a pipe has left: no more to say, and nothing to flush at the end.
        sys.stderr.close()
        sys.exit(FAILED)
