"""`python -m pystator`."""

from __future__ import annotations

import sys

from pystator.cli import main

if __name__ == "__main__":
    sys.exit(main())
