"""The listening socket of whatever is served over HTTP."""

import contextlib
import socket

from bot.asgi import listen


def test_no_part_of_an_answer_waits_for_the_one_before_to_be_acknowledged() -> None:
    listener = listen("127.0.0.1", 0)
    with contextlib.closing(listener), socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with contextlib.closing(connection):
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
