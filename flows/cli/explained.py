"""A repair explained in a terminal."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.cli.told import shortened
from repair import Repair
from repair.channel import describe

_MOST_ROWS = 200


def explain(name: str, repair: Repair, console: Console | None = None) -> None:
    """Print what happened to a text and each place that was changed, on standard error by default."""
    console = console or Console(stderr=True)
    console.print(Text(f"{name}: {repair.grade}, evidence {repair.evidence:.0f} bits"))
    console.print(Text(f"damage: {describe(repair.chain)}"))
    if repair.rival:
        console.print(Text(f"runner-up: {describe(repair.rival)}, {repair.margin:.0f} bits behind"))
    if not repair.edits:
        return
    table = Table("at", "seen", "text", "grade", "why", "alternatives")
    for edit in repair.edits[:_MOST_ROWS]:
        others = "  ".join(f"{shortened(text, 12)} {share:.0%}" for text, share in edit.alternatives[:5])
        cells = (str(edit.start), shortened(edit.seen), shortened(edit.text), str(edit.grade), edit.reason, others)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    if len(repair.edits) > _MOST_ROWS:
        console.print(f"and {len(repair.edits) - _MOST_ROWS} more; --json tells all")
