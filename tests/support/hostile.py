"""Hostile updates: genuine ones with every kind of defect.

None of them claims to come from another chat: Telegram alone says where an update comes from, and the webhook's secret
proves that it was Telegram.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from random import Random

from bot.buttons import encode
from dialogs.session import REVISIONS
from tests.support.fields import MARK, WRONGS, Update, name_of, paths, put, wronged

Body = tuple[bytes, str]
"""The body of a request, and what is wrong with it in words."""

_OTHERS = ("from", "reply_to_message", "sender_chat", "forward_origin", "via_bot")
_KINDS = (
    "message", "callback_query", "inline_query", "my_chat_member", "edited_message", "channel_post",
    "edited_channel_post", "business_message", "message_reaction", "poll", "poll_answer", "chosen_inline_result",
    "shipping_query", "pre_checkout_query", "chat_member", "chat_join_request", "chat_boost", "no_such_kind",
)  # fmt: skip
_TYPED = ("text", "query", "caption", "first_name", "last_name", "username", "title", "language_code", "url")
_INJECTIONS = (
    f"<b>{MARK}", f"</b></i></blockquote>{MARK}", f"<script>{MARK}</script>", f"<{MARK}>", f"&{MARK};&lt;&#60;",
    f'<a href="tg://user?id=1">{MARK}</a>', f'"><img src={MARK} onerror=1>', f"{{{{ {MARK} }}}}",
    f"{{{{ ''.__class__.__mro__ }}}} {MARK}", f"{{% include '{MARK}' %}}", f"{{0.__class__}} %s %n {MARK}",
    f"'; DROP TABLE sessions; -- {MARK}", f"\u202e{MARK}\u0000\u0007", f"{MARK}\ud83d", f"../../{MARK}", f"${{{MARK}}}",
    f"/ask <b>{MARK}</b> {{{{7*7}}}}", f"/start {MARK}'\"<i>", f"/{MARK}@{MARK}", "/", "/@", " ", "\n",
    f"{MARK}\n" * 900,
)  # fmt: skip
_ACTIONS = (
    "a.grade.G9", f"a.{MARK}.G1", "t.", "e.", "e.primary", "go.why.-1", "go.why.99999", "go.", f"note.{MARK}",
    f"look.{MARK}", f"all.symptoms.{MARK}", "all..", "forget", "new", "home", "back", "resume", "begin", "go.classify",
    "{{7*7}}", "<b>",
)  # fmt: skip
_NO_UPDATES = (
    b"", b" ", b"null", b"[]", b"{}", b"0", b"true", b'"zqx"', b"NaN", b"{zqx}", b'{"update_id":', b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}", b"[" * 60_000, b'{"a":' * 60_000, b'{"update_id":' + b"9" * 6000 + b"}", b'{"update_id":NaN}',
    b'{"update_id":1e999}', b"\x00" * 500, b"zqx" * 700_000,
)  # fmt: skip


def every_field_wrong(update: Update) -> Iterator[Body]:
    """The update with each of its fields, the inner ones too, wrong in each way."""
    for number, (path, what) in enumerate(itertools.product(paths(update), WRONGS)):
        yield _dumped(wronged(_later(update, number), path, what)), f"{name_of(path)} {what}"


def hostile(genuine: Sequence[Update], random: Random, others: Sequence[str], their_id: int) -> Iterator[Body]:
    """Genuine updates, each made wrong in a random way, without end.

    others: callback data from another chat's buttons. their_id: the id of that chat and of the person in it.
    """
    ways = (_fields, _fields, _injected, _injected, _broken, _another_kind, _no_update, _replies)
    while True:
        update = random.choice(genuine)
        if "callback_query" in update and random.random() < 0.5:
            yield _forged(update, random, others)
        elif random.random() < 0.1:
            yield _under_another_name(update, random, their_id)
        else:
            yield random.choice(ways)(update, random)


def _fields(update: Update, random: Random) -> Body:
    """Several fields wrong at once."""
    update, done = _fresh(update, random), []
    for _ in range(random.randint(2, 5)):
        path, what = random.choice(list(paths(update))), random.choice(list(WRONGS))
        update = wronged(update, path, what)
        done.append(f"{name_of(path)} {what}")
        if not update:
            break
    return _dumped(update), ", ".join(done)


def _injected(update: Update, random: Random) -> Body:
    """Markup, templates and the like in what people can write."""
    update, done = _fresh(update, random), []
    places = [path for path in paths(update) if path[-1] in _TYPED and "reply_markup" not in path]
    for path in random.sample(places, random.randint(1, len(places))):
        text = random.choice(_INJECTIONS)
        update = put(update, path, text)
        done.append(f"{name_of(path)} {text[:20]!r}")
    written = str(update.get("message", {}).get("text"))
    if written.startswith("/"):
        length = random.choice((len(written.partition(" ")[0]), 1, 0, -1, 10**9))
        command = {"type": "bot_command", "offset": random.choice((0, 0, 0, 5, -1)), "length": length}
        update = put(update, ("message", "entities"), [command])
    return _dumped(update), ", ".join(done)


def _forged(update: Update, random: Random, others: Sequence[str]) -> Body:
    """Another chat's callback data, a forged revision, or an action that nobody was offered."""
    data, theirs = update["callback_query"]["data"], random.choice(others)
    revision, _, action = data.partition(".")
    step = random.choice((1, -1, random.randrange(REVISIONS)))
    data = random.choice(
        (
            theirs,
            f"{theirs.partition('.')[0]}.{action}",
            encode((int(revision, 36) + step) % REVISIONS, action),
            f"{revision}.{random.choice(_ACTIONS)}",
            f"{revision}.{random.choice(_ACTIONS)}",
            random.choice((f"{data}{MARK}", f"{data}.9", action, f".{action}", f"{revision}.", "é😀\u0000")),
            MARK * random.randint(1, 200),
        )
    )
    update = put(_fresh(update, random), ("callback_query", "data"), data)
    if random.random() < 0.3:
        update = put(update, ("callback_query", "message", "message_id"), random.choice((0, -1, 1, 2, 10**12)))
    return _dumped(update), f"data {data[:40]!r}"


def _under_another_name(update: Update, random: Random, their_id: int) -> Body:
    """Somebody else's id in every place but that of the chat."""
    update, kind = _fresh(update, random), _kind(update)
    person, chat = {"id": their_id, "is_bot": False, "first_name": MARK}, {"id": their_id, "type": "private"}
    given = {
        "reply_to_message": {"message_id": 1, "date": 0, "chat": chat, "from": person, "text": MARK},
        "sender_chat": chat,
        "forward_origin": {"type": "user", "date": 0, "sender_user": person},
    }
    other = random.choice(_OTHERS)
    at = (kind, "message", other) if other != "from" and "message" in update[kind] else (kind, other)
    return _dumped(put(update, at, given.get(other, person))), f"{name_of(at)} of somebody else"


def _another_kind(update: Update, random: Random) -> Body:
    """The body under a kind it is not, or two kinds in one update, or a chat of another type."""
    update, kind, other = _fresh(update, random), _kind(update), random.choice(_KINDS)
    update[other] = update[kind]
    if random.random() < 0.7 and other != kind:
        del update[kind]
    types = [path for path in paths(update) if path[-2:] == ("chat", "type")]
    if types and random.random() < 0.5:
        update = put(
            update, random.choice(types), random.choice(("group", "supergroup", "channel", "sender", MARK, "private"))
        )
    return _dumped(update), f"{kind} as {other}"


def _replies(update: Update, random: Random) -> Body:
    """A reply to a reply to a reply, as deep as a parser goes and deeper."""
    if "message" not in update:
        return _no_update(update, random)
    depth = random.choice((2, 2, 9, 9, 30, 90, 300))
    message = update["message"]
    for _ in range(depth):
        message = {**update["message"], "reply_to_message": message}
    return _dumped({**_fresh(update, random), "message": message}), f"{depth} replies"


def _broken(update: Update, random: Random) -> Body:
    """Bytes lost, changed, doubled or in another encoding."""
    body = _dumped(update)
    at = random.randrange(1, len(body))
    changed = body[:at] + random.choice((b"\xff", b"\x00", b'"', b"}", b",", b"\\u", b"9", b"-")) + body[at + 1 :]
    twice = body[:-1] + b', "update_id": ' + random.choice((b"-1", b"0", b"null", b'"zqx"', b"1.5")) + b"}"
    ways = {
        "cut off": body[:at],
        "a byte changed": changed,
        "two of them": body + body,
        "a field twice": twice,
        "in UTF-16": body.decode().encode("utf-16"),
        "in a list": b"[" + body + b"]",
    }
    what = random.choice(list(ways))
    return ways[what], what


def _no_update(update: Update, random: Random) -> Body:
    body = random.choice(_NO_UPDATES)
    return body, f"no update: {body[:12]!r}, {len(body)} bytes"


def _kind(update: Update) -> str:
    return next(key for key in update if key != "update_id")


def _fresh(update: Update, random: Random) -> Update:
    return _later(update, random.randrange(10**9))


def _later(update: Update, number: int) -> Update:
    """A copy under a number far from those given so far, so that it does not count as delivered again."""
    return {**update, "update_id": update["update_id"] + 10**6 + number}


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode()
