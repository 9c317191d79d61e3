"""What central's refusal is called on the screens, with a value for every place its words may have.

A notice whose words lack a value is shown as its bare code, and a bare code helps nobody at a counter; so all values
are given always, and words take what they need.
"""

from __future__ import annotations

from pos_client.domain.customer import Customer
from pos_client.ports.central import Problem

Params = dict[str, int | str]


def refusal_of(problem: Problem, customer: Customer) -> tuple[str, Params]:
    """The notice's code and values for a refusal of a use of points.

    Two of central's codes mean two things: a wrong code with no try left is over, not to be typed again; a lock without
    a time opens on the portal alone (A10), not "in 0 minutes".
    """
    code = f"central_{problem.code}"
    if problem.code == "credential-wrong" and not problem.attempts_left:
        code = "secret_tries_over"
    elif problem.code == "credential-locked" and not problem.locked_for_s:
        code = "secret_locked"
    return code, {
        "id": customer.display_id,
        "left": problem.attempts_left or 0,
        "limit": problem.limit or 0,
        "minutes": -(-(problem.locked_for_s or 0) // 60),
    }
