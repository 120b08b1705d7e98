"""Commands about orders: drawing the tables of steps, taking over lists of former years."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.rectification.old_order_commands import import_list
from app.rectification.rules.machine import FINDING_STEPS, ORDER_STEPS, drawing

orders = AppGroup("orders", help="Orders: drawing their steps, taking over older lists.")
orders.add_command(import_list)


@orders.command("drawing")
def draw() -> None:
    """Print both tables of steps as Mermaid diagrams, as README.md shows them."""
    click.echo(drawings())


def drawings() -> str:
    """The section of README.md that is made from the tables."""
    return "\n".join(
        [
            "An order:",
            "",
            "```mermaid",
            drawing(ORDER_STEPS),
            "```",
            "",
            "A finding on its way to being struck off (销号):",
            "",
            "```mermaid",
            drawing(FINDING_STEPS),
            "```",
        ]
    )


COMMANDS = [orders]
