"""`pos-client sandbox`: central and dispensers on loopback, and nothing else."""

from __future__ import annotations

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Runs until ended."""
    from pos_client.bootstrap.paths import command_prefix, resources
    from pos_client.sandbox.run import SandboxArguments
    from pos_client.sandbox.run import run as run_sandbox

    return run_sandbox(
        SandboxArguments(
            db=arguments.db,
            central_address=arguments.central_address,
            dispensers=tuple(arguments.dispenser),
            station=arguments.scenario or resources() / "sandbox" / "station.toml",
            programme=resources() / "programmes" / "petrolimex-id.toml",
            resources=resources(),
            seed=arguments.seed,
            speed=arguments.speed,
            only=arguments.only,
            workers=arguments.workers,
            portal_port=arguments.portal_port,
            proxies=tuple(arguments.proxy),
            logs=arguments.log is not None,
        ),
        command_prefix(),
    )
