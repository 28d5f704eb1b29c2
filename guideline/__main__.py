"""For other programs: JSON Lines in, a JSON line out for each (`python -m guideline`)."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from guideline.assess import Assessment, assess, guideline
from guideline.case import Case, CaseError
from guideline.content import ContentError
from guideline.json_lines import answer_stdin


def answer(line: bytes) -> str:
    """Answer one line `{"id": …, "case": {…}}` with one: the assessment, or `error` with `field` and `message`."""
    id_: object = None
    try:
        request = _parsed(line)
        if not isinstance(request, dict):
            raise CaseError(None, "a line takes an object with id and case")
        id_ = _id(request.get("id"))
        _refuse_repeated(request)
        for name in request:
            if name not in ("id", "case"):
                raise CaseError(name, f"{name[:40]!r} is not taken beside id and case")
        case = request.get("case")
        if not isinstance(case, dict):
            raise CaseError("case", "case is missing; takes an object of facts")
        _refuse_repeated(case)
        return json.dumps({"id": id_, **_fields(assess(Case.of(case)))})
    except CaseError as error:
        return json.dumps({"id": id_, "error": {"field": error.field, "message": error.message}})


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8"), object_pairs_hook=_Object, parse_int=_whole)
    except RecursionError:
        raise CaseError(None, "the line is nested too deeply") from None
    except ValueError:
        raise CaseError(None, "the line is not JSON") from None


class _Object(dict[str, Any]):
    """A JSON object that remembers a name given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated: str | None = None
        if len(self) < len(pairs):
            count = Counter(name for name, _ in pairs)
            self.repeated = next(name for name, times in count.items() if times > 1)


def _refuse_repeated(found: dict[str, Any]) -> None:
    if isinstance(found, _Object) and found.repeated is not None:
        raise CaseError(found.repeated, f"{found.repeated[:40]!r} is given twice")


def _whole(digits: str) -> float:
    """An integer; one with too many digits for Python counts as infinite, which every fact refuses."""
    return int(digits) if len(digits) < 300 else math.inf


def _id(id_: object) -> object:
    if id_ is None or isinstance(id_, str | bool):
        return id_
    if isinstance(id_, int | float) and id_ == id_ and abs(id_) < 1e300:
        return id_
    raise CaseError("id", "id takes a text or a number")


def _fields(found: Assessment) -> dict[str, object]:
    transplant = found.transplant
    return {
        "headline": found.headline,
        "candidates": found.candidates,
        "needed": found.needed,
        "adjuncts": found.adjuncts,
        "caveats": found.caveats,
        "limits": found.limits,
        "transplant": transplant and {"status": transplant.status, "criteria": transplant.criteria},
        "alternatives": [{"headline": a.headline, "because_not": a.because_not} for a in found.alternatives],
        "changes": [{"fact": c.fact, "to": c.to, "headline": c.headline} for c in found.changes],
        "because": found.because,
        "updates": found.updates,
        "version": found.version,
    }


def main(arguments: list[str]) -> int:
    """Answer stdin line by line; write the rules as DMN, compare a DMN file, or two contents.

    Returns the exit code: 2 for wrong arguments or broken content.
    """
    try:
        guideline()
    except ContentError as error:
        print(f"content: {error}", file=sys.stderr)
        return 2
    match arguments:
        case []:
            return answer_stdin(answer)
        case ["export", "dmn"]:
            from guideline.dmn_file import export

            sys.stdout.buffer.write(export(guideline()))
            return 0
        case ["compare", name]:
            return _compare(Path(name))
        case ["diff", old, new]:
            return _diff(Path(old), Path(new))
        case _:
            print("takes nothing, `export dmn`, `compare FILE`, or `diff OLD NEW`", file=sys.stderr)
            return 2


def _compare(path: Path) -> int:
    """Print every kind of difference. Returns 1 where there is one, 2 where the file cannot be compared."""
    from guideline.compare import CompareError, compare

    try:
        found = compare(path, guideline())
    except CompareError as error:
        print(error, file=sys.stderr)
        return 2
    for difference in found:
        print(difference)
    return 1 if found else 0


def _diff(old: Path, new: Path) -> int:
    """Print how two contents differ. Returns 2 where they cannot be compared."""
    from guideline.changed import DiffError, cases, diff

    try:
        for line in diff(old, new, *cases(guideline())):
            print(line, flush=True)
    except DiffError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
