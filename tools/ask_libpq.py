#!/usr/bin/env python3
"""Asks libpq how it reads connection strings. No connection is made.

    echo '["postgres://h/db"]' | python3 tools/ask_libpq.py .../native/lib/libpq.so.5.18

In: a JSON list of strings. Out: {"libpq": version, "answers": [answer, ...]}, where an answer is what PQconninfoParse()
gives (keyword -> value, only what the string says) or null for an error.
"""

import ctypes
import json
import sys


class ConninfoOption(ctypes.Structure):
    """PQconninfoOption of libpq-fe.h."""

    _fields_ = [
        *((name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "val", "label", "dispchar")),
        ("dispsize", ctypes.c_int),
    ]


def load(path):
    library = ctypes.CDLL(path)
    library.PQconninfoParse.restype = ctypes.POINTER(ConninfoOption)
    library.PQconninfoParse.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p)]
    library.PQconninfoFree.argtypes = [ctypes.POINTER(ConninfoOption)]
    return library


def ask(library, text):
    options = library.PQconninfoParse(text.encode(), None)
    if not options:
        return None
    answer = {}
    index = 0
    while options[index].keyword:
        if options[index].val is not None:
            answer[options[index].keyword.decode()] = options[index].val.decode(errors="backslashreplace")
        index += 1
    library.PQconninfoFree(options)
    return answer


def main():
    library = load(sys.argv[1])
    strings = json.loads(sys.stdin.buffer.read())
    json.dump({"libpq": library.PQlibVersion(), "answers": [ask(library, text) for text in strings]}, sys.stdout)


if __name__ == "__main__":
    main()
