"""How far a long piece of work is, told to whoever watches."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # what is being done, how far, of how much


def silent(stage: str, done: int, total: int) -> None:
    """For callers that show no progress."""
