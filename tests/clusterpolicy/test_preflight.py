import socket

import pytest

from clusterpolicy import preflight


@pytest.fixture
def taken() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_in_use_is_said_with_a_way_out(taken):
    problem = preflight.port_problem(str(taken))
    assert f"Port {taken} can not be used" in problem
    assert "make run PORT=" in problem


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
def test_what_is_no_port_is_said(port):
    assert "must be a number from 1 to 65535" in preflight.port_problem(port)


def test_an_old_python_is_said_with_both_versions(monkeypatch):
    monkeypatch.setattr("sys.version_info", (3, 9, 2, "final", 0))
    problem = preflight.python_problem()
    assert "needs Python 3.11 or newer" in problem
    assert "is 3.9" in problem
