"""`pos-client support-bundle FILE`: what support needs, in one file that names nobody."""

from __future__ import annotations

import json
import sys
import zipfile
from io import BytesIO

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """0 when the file is written; 1 with the reason when it could not be, and then nothing is left behind."""
    from pos_client.adapters.settings_file.whole_file import write_whole
    from pos_client.adapters.system_clock import SystemClock
    from pos_client.bootstrap.spoken import spoken
    from pos_client.bootstrap.support import support_bundle

    said = spoken(arguments)
    content = support_bundle(said.site, said.settings, said.words, SystemClock())
    try:
        write_whole(arguments.file, content)
    except OSError as error:
        reason = error.strerror or str(error)
        says = said.words.say("settings_file.not_written", file=arguments.file, reason=reason)
        if arguments.json:
            print(json.dumps({"ok": False, "says": says}, ensure_ascii=False))
        else:
            print(says, file=sys.stderr)
        return 1
    files = len(zipfile.ZipFile(BytesIO(content)).namelist())
    size_kb = -(-len(content) // 1000)
    says = said.words.say("support.written", file=arguments.file, size_kb=size_kb, files=files)
    about = {"ok": True, "says": says, "file": str(arguments.file), "size": len(content), "files": files}
    print(json.dumps(about, ensure_ascii=False) if arguments.json else says)
    return 0
