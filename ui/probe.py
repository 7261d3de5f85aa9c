"""`python -m ui.probe`: does Qt start here? Says so with the screen it found, or ends with Qt's own words.

A process of its own, because Qt ends a process that has no usable platform plugin.
"""

from __future__ import annotations

import sys

from ui.application import create_application


def main() -> int:
    """Start Qt with our fonts and write `WIDTHxHEIGHT` of the first screen; 1 when there is no screen."""
    screens = create_application(["tiepdon"]).screens()
    if not screens:
        return 1
    size = screens[0].size()
    sys.stdout.write(f"{size.width()}x{size.height()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
