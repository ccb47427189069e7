"""Another process that erases a person, and is killed at the given write or removal, before or after it.

`STEP`: the how-manieth; a process that comes to its end says so.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import storage
from storage.tiny import files
from tests.storage.records import ANNA, HOME, later

ROOT = Path(storage.__file__).parent.parent
ADDRESS = "zoe.leroy@example.com"


def run_eraser(url: str, step: int, *, after: bool) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tests.storage.eraser", url, str(step), "after" if after else "before"]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)


def main(url: str, step: int, *, after: bool) -> None:
    store = storage.open_store(url)
    left = step

    def killing(method: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left == 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            result = method(*args, **kwargs)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return done

    files.Folder.write_whole = killing(files.Folder.write_whole)  # type: ignore[method-assign]
    files.Folder.remove = killing(files.Folder.remove)  # type: ignore[method-assign]
    erasure = store.erasing.begin(HOME, ADDRESS, ANNA, later())
    assert store.erasing.run(HOME, erasure)
    store.close()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), after=sys.argv[3] == "after")
