"""What `make` asks before it starts: is Python new enough, is the port free?

Runs with whatever Python 3 the machine has, so it imports nothing of the project.
"""

import socket
import sys

OLDEST = (3, 11)


def python_problem():
    version = sys.version_info[:2]
    if version >= OLDEST:
        return None
    return (
        f"This project needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and {sys.executable} is "
        f"{version[0]}.{version[1]}. Name a newer one: make PYTHON=python3.12 ..."
    )


def port_problem(port):
    if not port.isdigit() or not 0 < int(port) < 65536:
        return f"PORT is {port!r}, but must be a number from 1 to 65535."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
            probe.listen(1)
        except OSError as error:
            return (
                f"Port {port} can not be used ({error.strerror}). "
                "Choose another one: make run PORT=8001"
            )
    return None


if __name__ == "__main__":
    sys.exit(python_problem() or (port_problem(sys.argv[1]) if sys.argv[1:] else None))
