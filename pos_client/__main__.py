"""`python -m pos_client`: arguments in, exit code out."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; 0 = fine, 1 = the answer is "no", 2 = wrong usage."""
    from pos_client.bootstrap.arguments import parse

    arguments = parse(sys.argv[1:])
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
