"""The DATA_KEY that an installation made for itself: changing it in the data folder, in steps that may be cut short."""

from __future__ import annotations

import os
from pathlib import Path

from lumptracker.env import Environment, WrongSetting, new_secret, write_once


def make_data_key(environment: Environment) -> tuple[str, ...]:
    """A new key, the earlier ones beside it: (new, earlier…). The earlier are on the disk before the new one counts."""
    if environment.text("DATA_KEY"):
        raise WrongSetting(
            "DATA_KEY", "is given from outside", "Change it where it is kept, the old one in DATA_KEY_ALSO"
        )
    folder = environment.data / "secrets"
    earlier = environment.data_keys()
    _replace(folder / "data_key_also", ",".join(earlier))
    _replace(folder / "data_key", new_secret())
    return environment.data_keys()


def end_data_key_change(environment: Environment) -> None:
    """Forget the earlier keys. The caller has seen that nothing needs them."""
    (environment.data / "secrets" / "data_key_also").unlink(missing_ok=True)


def _replace(path: Path, value: str) -> None:
    """The whole new value or the whole old one, whatever happens."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    write_once(draft, value)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
