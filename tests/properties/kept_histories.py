"""Histories told step by step: the seeds of other days' histories mean others today."""

from __future__ import annotations

from pos_client.bootstrap.simulate.histories import Step

History = tuple[list[Step], int]
"""steps, and the temper of the forecourt"""

KEPT: dict[str, History] = {
    # the disk refused to take a voucher at the moment it was to pay: the panel spoke of a redemption nobody knew
    "a disk that refuses a voucher at the counter": (
        [
            *(("type", 825), ("test point", 4288), ("come back", 438), ("liar", 113), ("fuel", 702), ("stop", 7885)),
            *(("plug", 9661), ("withdraw", 6904), ("restart", 2870), ("authorise litres", 5503)),
            *(("bad command", 1832), ("authorise test", 2587), ("network", 8230), ("lift", 9784), ("disk", 4542)),
            *(("oldest", 4766), ("authorise all", 43), ("lift", 3661), ("offline", 744), ("mark test", 3152)),
            *(("fuel", 2064), ("poison", 6400), ("come back", 4713), ("restart", 6573), ("blink", 3284)),
            *(("detach", 8056), ("disk", 1406), ("type", 7137), ("greedy", 3229), ("withdraw", 9687)),
            *(("dismiss", 9152), ("pay", 9277), ("come back", 8708), ("gift", 9270), ("pump test", 3749)),
            *(("ghost", 7428), ("authorise all", 556), ("network", 9508), ("release", 8329), ("release", 3907)),
        ],
        29,
    ),
    # head office had asked for patience; the way to it was lost and found, and the claim came again at once
    "asked for patience, then hurried": ([("rush", 9), ("rush", 27), ("rush", 21)], 0),
}
"""Histories that once broke a promise."""

TOLD: dict[str, History] = {
    "verify-after-void": ([("counter", 0), ("network", 41), ("secret", 1), ("cancel", 0), ("wait", 6)], 0),
}
"""Mistakes that a random history seldom meets, and one that does."""
