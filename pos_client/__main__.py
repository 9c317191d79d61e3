"""`python -m pos_client`: arguments in, exit code out."""

from __future__ import annotations

import io
import os
import sys

INTERRUPTED = 130
"""What shells expect of a program that was ended by Ctrl+C."""
CRASHED = 70
"""A fault of ours. Not 1, which says that a reason was given."""


def main() -> int:
    """Run the command line; 0 = fine, 1 = the answer is "no", 2 = wrong usage, 70 = a fault of the program's."""
    from pos_client.bootstrap.arguments import parse
    from pos_client.ports.errors import Unavailable

    _speak_everywhere()
    try:
        arguments = parse(sys.argv[1:])
        code = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `pos-client journal export DB | head`: whoever read has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except Unavailable as trouble:
        from pos_client.bootstrap.saying import last_words

        print(last_words(trouble), file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the last resort: logged or printed by the hook, and told to the keeper
        sys.excepthook(type(error), error, error.__traceback__)
        return CRASHED
    return code


def _speak_everywhere() -> None:
    """Vietnamese in paths and words, whatever alphabet the system was set to.

    Python decodes paths by the locale. In an ASCII or TCVN one a folder called *dữ liệu* cannot even be opened by
    SQLite, so the program begins anew in UTF-8. A console of another alphabet, Windows' mostly, gets what it can show.
    """
    if sys.platform != "win32" and sys.getfilesystemencoding() != "utf-8" and "PYTHONUTF8" not in os.environ:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONUTF8": "1"})
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
