"""`python -m monitor` and the installed `nianbao`. Light to import: worker processes import what started them anew."""

from __future__ import annotations

import sys


def main() -> None:
    """The command line."""
    try:
        from monitor.cli import main as run

        run()
    except KeyboardInterrupt:  # while modules are loaded; later the command line says so itself
        print("已中断", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
