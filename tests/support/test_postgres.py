"""The PostgreSQL of the tests is a real one: it keeps what it has over a restart, and drops connections."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.postgres import Postgres

pytestmark = pytest.mark.slow


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_every_database_is_fresh(postgres: Postgres, postgres_url: str) -> None:
    run(postgres_url, "CREATE TABLE kept (number integer)")

    with postgres.database() as other:
        run(other, "CREATE TABLE kept (number integer)")

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        run(other, "SELECT 1")


@pytest.mark.parametrize("at_once", [False, True])
def test_a_restart_ends_connections_and_keeps_the_data(postgres: Postgres, postgres_url: str, at_once: bool) -> None:
    run(postgres_url, "CREATE TABLE kept (number integer)")
    run(postgres_url, "INSERT INTO kept VALUES (7)")

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        postgres.stop(at_once=at_once)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        run(postgres_url, "SELECT 1")
    postgres.start()

    assert run(postgres_url, "SELECT number FROM kept") == [(7,)]


def test_a_server_that_was_closed_is_gone() -> None:
    server = Postgres()
    with server.database() as url:
        assert run(url, "SELECT 1") == [(1,)]

    server.close()

    with pytest.raises(psycopg.OperationalError):
        run(url, "SELECT 1")
