"""A whole station in memory, seeded: the production core between simulated pumps, disk, network, clock and central."""
