"""`audit actions`: the documentation of every action."""

from pathlib import Path
from typing import Final

import click

from marketplace.audit.registry.documentation import documentation

PAGE: Final = Path("docs/audit-actions.md")


@click.command("actions")
@click.option("--file", "path", type=click.Path(path_type=Path), default=PAGE, show_default=True)
def write(path: Path) -> None:
    """Write what each action of the log means."""
    path.write_text(documentation(), encoding="utf-8")
    click.echo(f"Written: {path}")


COMMANDS: Final = (write,)
