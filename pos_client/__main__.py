"""`python -m pos_client`: arguments in, exit code out."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""What shells expect of a program that was ended by Ctrl+C."""


def main() -> int:
    """Run the command line; 0 = fine, 1 = the answer is "no", 2 = wrong usage."""
    from pos_client.bootstrap.arguments import parse

    try:
        arguments = parse(sys.argv[1:])
        code = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `pos-client journal export DB | head`: whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main())
