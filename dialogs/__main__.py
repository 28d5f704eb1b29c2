"""For other programs: a line of text in, a JSON line out, in order (`python -m dialogs read`, `… ask`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping

from guideline import ContentError, guideline

if __name__ == "__main__":
    try:
        guideline()  # importing the rest of `dialogs` needs it
    except ContentError as error:
        print(f"content: {error}", file=sys.stderr)
        sys.exit(2)

from dialogs.ask import ask
from dialogs.reader import Reading, reader
from guideline.json_lines import answer_stdin


def read(text: str) -> dict[str, object]:
    """What a line says of a case: `facts`, `conflict`, `unclear`, `not_understood`, `is_case`, and
    `cut`: how many characters were read where the rest was not, else 0.

    Names and values are those of `guideline.case`; bands and ranges are texts (`<2`, `10-15`). For a line with a
    person's details all of it is empty.
    """
    found: Reading = reader().read(text)
    return {
        "facts": {fact.fact: fact.plain for fact in found.facts},
        "conflict": found.conflict,
        "unclear": found.unclear,
        "not_understood": found.not_understood,
        "is_case": found.is_case,
        "cut": found.cut,
    }


DOORS: Mapping[str, Callable[[str], Mapping[str, object]]] = {"read": read, "ask": ask}


def main(arguments: list[str] | None = None) -> int:
    """Answer stdin line by line. Returns the exit code: 2 for wrong arguments, else see `answer_stdin`."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 1 or given[0] not in DOORS:
        print(f"usage: python -m dialogs {{{','.join(DOORS)}}}", file=sys.stderr)
        return 2
    door = DOORS[given[0]]
    return answer_stdin(lambda line: json.dumps(door(line.decode("utf-8", "replace").rstrip("\r\n"))))


if __name__ == "__main__":
    sys.exit(main())
