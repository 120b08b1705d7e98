"""The collector of garbage in a process that serves: it need not look through the whole application again and again."""

from __future__ import annotations

import gc


def settle() -> None:
    """What is made so far stays for good, and the collector looks less often. For a process whose application is made.

    Else a page that reads thousands of rows now and then waits a quarter of a second while every class, text and template
    is looked through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
