"""The steps of review and publication: one function each, called by whoever takes the step."""

from policies.workflow.commenting import comment, explain, resolve
from policies.workflow.publishing import publish, publish_whole, withdraw
from policies.workflow.reviewing import (
    approve,
    confirm,
    confirm_all,
    reinstate,
    reopen,
    return_,
    submit,
)

__all__ = [
    "approve",
    "comment",
    "confirm",
    "confirm_all",
    "explain",
    "publish",
    "publish_whole",
    "reinstate",
    "reopen",
    "resolve",
    "return_",
    "submit",
    "withdraw",
]
