"""A case as a code of at most 64 characters, for a link: its answers and its result, nothing about a person.

The code is a number of whole bytes in base64url without padding: 4 bits for the format, 32 for the CRC-32 of the rest,
8 for the content, then the fields of case_code.toml. Zero bytes at the end are left out.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import compress
from math import isqrt
from pathlib import Path
from zlib import crc32

from guideline.case import BY_NAME, CaseError, Fact
from guideline.content import read
from guideline.values import Choice, Possible, Span, Values

LONGEST = 64
"""Characters that Telegram takes after `?start=`."""

FORMAT = 1
"""It changes only when new fields cannot express a change; older codes then need their old reader, or are
unreadable."""

_FORMAT_BITS, _SUM_BITS, _CONTENT_BITS = 4, 32, 8
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FILE = Path(__file__).parent / "case_code.toml"

_REMEMBERED = 1000
"""Of how many different choices it is remembered how they are written."""

_KIND_BITS = 4
_WHOLE, _TENTHS, _THOUSANDTHS, _TO, _FROM, _BETWEEN = 0, 1, 2, 3, 5, 7
"""How a number is written: exactly, in one of three units; below a number; above one; between two. Added to the last
three: 1 when the end is included, and for `_BETWEEN` 1 when the high end is, 2 when the low end is."""


class Unreadable(Enum):
    """Why a code cannot be read."""

    DAMAGED = "damaged"
    OLDER = "older"
    NEWER = "newer"


class CodeError(ValueError):
    """A code that cannot be read."""

    def __init__(self, why: Unreadable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class CodedCase:
    """What a code holds.

    version: of the content under which it was made. facts: what is known, by fact. answers: the ones that say nothing
    about the case, such as "not known", by line and option. candidates, adjuncts, caveats: ids of the result at that
    time. lost: how many facts of the code today's content does not have; they are not among the facts.
    """

    version: str
    facts: Mapping[str, Possible]
    answers: frozenset[tuple[str, str]] = frozenset()
    candidates: frozenset[str] = frozenset()
    adjuncts: frozenset[str] = frozenset()
    caveats: frozenset[str] = frozenset()
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """See case_code.toml. Either bits, or count, or number and ends."""

    of: str
    bits: tuple[Choice, ...] = ()
    number: float = 0
    ends: float = 0
    count: int = 0

    @property
    def end_steps(self) -> int:
        """Into how many steps one is divided where a span ends."""
        return 1 if self.count else 10


class CaseCodes:
    """Writes and reads codes.

    edition: the year of the source, with which a content version begins. fields: in their order; by default those of
    the file. facts: of a case.
    """

    def __init__(
        self, edition: int, fields: Iterable[Field] | None = None, facts: Mapping[str, Fact] = BY_NAME
    ) -> None:
        self._edition, self._facts = edition, facts
        self._fields = tuple(fields) if fields is not None else read_fields()
        self._room: dict[str, set[Choice]] = {}
        for one in self._fields:
            self._room.setdefault(one.of, set()).update(one.bits)

    def encode(self, coded: CodedCase) -> str:
        """The code. Raises ValueError for what no field holds, such as a number of four decimals."""
        texts: dict[str, frozenset[Choice]] = {
            "candidates": coded.candidates,
            "adjuncts": coded.adjuncts,
            "caveats": coded.caveats,
            "answers": frozenset(".".join(answer) for answer in coded.answers),
        }
        texts |= {fact: possible for fact, possible in coded.facts.items() if isinstance(possible, Values)}
        self._refuse_what_no_field_holds(texts, coded)
        parts = [_bits(self._content(coded.version), _CONTENT_BITS)]
        for one in self._fields:
            if one.bits:
                chosen = texts.get(one.of)
                parts.append(_chosen_bits(one.bits, chosen) if chosen else "0" * len(one.bits))
            else:
                span = coded.facts.get(one.of)
                parts.append(_number_bits(one, span, self._facts[one.of].span) if isinstance(span, Span) else "0")
        return _sealed(FORMAT, "".join(parts))

    def decode(self, text: str) -> CodedCase:
        """What `encode` made the code from. Raises CodeError for any other text, and for a code that says more than the
        fields here can hold."""
        bits = _Bits(_opened(text))
        content = bits.take(_CONTENT_BITS)
        chosen: dict[str, set[Choice]] = {}
        facts: dict[str, Possible] = {}
        lost = set[str]()
        for one in self._fields:
            if bits.at_end:
                break
            if one.bits:
                taken = bits.cut(len(one.bits))
                if "1" in taken:
                    chosen.setdefault(one.of, set()).update(compress(one.bits, map(int, taken)))
            elif (span := _number(one, bits)) is not None:
                try:
                    facts[one.of] = self._facts[one.of].read(span)
                except (KeyError, CaseError):
                    lost.add(one.of)
        if not bits.at_end:
            raise CodeError(Unreadable.NEWER)
        texts = {name: frozenset(map(str, chosen.pop(name, ()))) for name in _NOT_FACTS}
        for name, values in chosen.items():
            if name in self._facts and values <= set(self._facts[name].values):
                facts[name] = Values(values)
            else:
                lost.add(name)
        answers = frozenset((line, option) for line, _, option in (one.partition(".") for one in texts.pop("answers")))
        return CodedCase(f"{self._edition}.{content}", facts, answers, **texts, lost=len(lost))

    def _content(self, version: str) -> int:
        edition, _, content = version.partition(".")
        if edition != str(self._edition) or not content.isdecimal() or int(content) >= 2**_CONTENT_BITS:
            raise ValueError(f"{version!r} is no content version of the edition {self._edition}")
        return int(content)

    def _refuse_what_no_field_holds(self, texts: Mapping[str, frozenset[Choice]], coded: CodedCase) -> None:
        for name, values in texts.items():
            if not values <= self._room.get(name, set()):
                raise ValueError(f"no field of a case code holds {name} {sorted(map(str, values))}")
        if missing := coded.facts.keys() - self._room.keys():
            raise ValueError(f"no field of a case code holds {sorted(missing)}")


_NOT_FACTS = ("candidates", "adjuncts", "caveats", "answers")


@cache
def read_fields() -> tuple[Field, ...]:
    """The fields of the file. Raises ContentError for a file that cannot be read."""
    tables = read(_FILE.parent, _FILE.name, "field")["field"]
    return tuple(Field(**{**table, "bits": tuple(table.get("bits", ()))}) for table in tables)


# The text


def _sealed(format_: int, body: str) -> str:
    """The format, the checksum and these bits as a text. Raises ValueError where it would be too long."""
    length = len(body.rstrip("0"))
    length += -(_FORMAT_BITS + _SUM_BITS + length) % 8
    body = body[:length].ljust(length, "0")
    size = (_FORMAT_BITS + _SUM_BITS + length) // 8
    raw = (format_ << (_SUM_BITS + length)) + int(body, 2)
    raw |= crc32(raw.to_bytes(size)) << length
    text = urlsafe_b64encode(raw.to_bytes(size)).rstrip(b"=").decode()
    if len(text) > LONGEST:
        raise ValueError(f"a case code of {len(text)} characters; a link takes {LONGEST}")
    return text


def _opened(text: str) -> str:
    """The bits of a text that `_sealed` made. Raises CodeError for any other text, and for another format."""
    if not _CODE.fullmatch(text):
        raise CodeError(Unreadable.DAMAGED)
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise CodeError(Unreadable.DAMAGED) from None
    bits = f"{int.from_bytes(data):0{8 * len(data)}b}"
    format_, body = int(bits[:_FORMAT_BITS], 2), bits[_FORMAT_BITS + _SUM_BITS :]
    if not body or _sealed(format_, body) != text:
        raise CodeError(Unreadable.DAMAGED)
    if format_ != FORMAT:
        raise CodeError(Unreadable.OLDER if format_ < FORMAT else Unreadable.NEWER)
    return body


class _Bits:
    """Bits read from the left, followed by any number of zeros."""

    def __init__(self, bits: str) -> None:
        self._bits, self._at = bits.rstrip("0"), 0

    def take(self, number: int) -> int:
        """The next ones as a number."""
        return int(self.cut(number), 2)

    def cut(self, number: int) -> str:
        """The next ones."""
        taken = self._bits[self._at : self._at + number]
        self._at += number
        return taken.ljust(number, "0")

    @property
    def at_end(self) -> bool:
        """Whether only zeros are left."""
        return self._at >= len(self._bits)


@lru_cache(_REMEMBERED)
def _chosen_bits(bits: tuple[Choice, ...], chosen: frozenset[Choice]) -> str:
    """A bit for each, set for those that are chosen."""
    return "".join("01"[value in chosen] for value in bits)


def _bits(number: int, width: int) -> str:
    if number >= 2**width:
        raise ValueError(f"{number} does not fit into {width} bits")
    return f"{number:0{width}b}"


# Numbers


def _number_bits(one: Field, span: Span, whole: Span) -> str:
    """A number, or a span. whole: all numbers that the fact can have, whose ends are not written."""
    if span.single:
        steps = _in_steps(span.low, 1000)
        for kind, step in ((_WHOLE, 1000), (_TENTHS, 100), (_THOUSANDTHS, 1))[: 1 if one.count else 3]:
            if steps % step == 0:
                return f"1{_bits(kind, _KIND_BITS)}{_bits(steps // step, _width(one, kind))}"
    if (span.low, span.low_in) == (whole.low, whole.low_in):
        kind, ends = _TO + span.high_in, _in_steps(span.high, one.end_steps)
    elif (span.high, span.high_in) == (whole.high, whole.high_in):
        kind, ends = _FROM + span.low_in, _in_steps(span.low, one.end_steps)
    else:
        kind = _BETWEEN + span.high_in + 2 * span.low_in
        ends = _pair(_in_steps(span.low, one.end_steps), _in_steps(span.high, one.end_steps))
    return f"1{_bits(kind, _KIND_BITS)}{_bits(ends, _width(one, kind))}"


def _number(one: Field, bits: _Bits) -> Span | None:
    """The number or span that `_number_bits` wrote; None for one that is not known."""
    if bits.cut(1) == "0":
        return None
    kind = bits.take(_KIND_BITS)
    if kind > _BETWEEN + 3:
        raise CodeError(Unreadable.NEWER)
    written = bits.take(_width(one, kind))
    if kind < _TO:
        return Span.at(written / {_WHOLE: 1, _TENTHS: 10, _THOUSANDTHS: 1000}[kind])
    if kind < _FROM:
        return Span(-float("inf"), written / one.end_steps, False, kind > _TO)
    if kind < _BETWEEN:
        return Span(written / one.end_steps, float("inf"), kind > _FROM, False)
    low, high = _unpaired(written)
    high_in, low_in = (kind - _BETWEEN) % 2 == 1, kind - _BETWEEN > 1
    return Span(low / one.end_steps, high / one.end_steps, low_in, high_in)


def _width(one: Field, kind: int) -> int:
    """The number of bits that a number of that kind takes."""
    if kind < _TO and one.count:
        most = one.count
    elif kind < _TO:
        most = _in_steps(one.number, 1000) // {_WHOLE: 1000, _TENTHS: 100, _THOUSANDTHS: 1}[kind]
    else:
        most = one.count or _in_steps(one.ends, 10)
        most = most if kind < _BETWEEN else _pair(most - 1, most)
    return most.bit_length()


def _in_steps(number: float, to_one: int) -> int:
    """The number in steps of 1/to_one. Raises ValueError when it is no whole number of them, or negative."""
    if not 0 <= number < 1e9 or (steps := round(number * to_one)) / to_one != number:
        raise ValueError(f"{number} cannot be written in steps of 1/{to_one}")
    return steps


def _pair(low: int, high: int) -> int:
    """Two numbers as one, low < high: the pairs are numbered by the high number, then by the low one."""
    return high * (high - 1) // 2 + low


def _unpaired(pair: int) -> tuple[int, int]:
    high = (1 + isqrt(1 + 8 * pair)) // 2
    return pair - high * (high - 1) // 2, high
