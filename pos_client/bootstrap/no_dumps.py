"""No picture of this program's memory is written when it dies: a code may have been in it (I10).

On Linux the size of a core file is set to nothing, and the process says that it is not to be dumped, which also keeps
other programs of the same user from reading its memory. On Windows the error box that offers a dump is not shown; what
an administrator has told Windows Error Reporting to keep is his to say. A traceback in the log holds no values.
"""

from __future__ import annotations

import ctypes
import sys

PR_SET_DUMPABLE = 4
SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX = 1, 2


def forbid_dumps() -> None:
    """For this process, from now on. Where the system refuses, it goes on: selling is worth more than this."""
    if sys.platform == "win32":
        ctypes.CDLL("kernel32").SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
