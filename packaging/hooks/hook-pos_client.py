"""What PyInstaller's analysis cannot see of us: modules found by name, and the files modules read beside themselves."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

# The command line imports the command that was typed; key stores are made by the name of their class.
hiddenimports = [
    *collect_submodules(
        "pos_client", filter=lambda name: name != "pos_client.sandbox.central.storage.migrations.versions"
    ),
    *collect_submodules("keyring.backends"),
    "uvicorn.protocols.http.h11_impl",
    "uvicorn.loops.asyncio",
]
# SQL, templates, styles, the contract's parts. Alembic reads its revisions as files, so those travel as sources.
datas = [
    *collect_data_files("pos_client"),
    *collect_data_files("pos_client.sandbox.central.storage.migrations.versions", include_py_files=True),
]
