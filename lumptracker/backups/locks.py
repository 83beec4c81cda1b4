"""What closes and opens backups, read from the environment. See "Backup" in docs/hosting.md."""

from __future__ import annotations

from lumptracker.backups import bech32
from lumptracker.backups.age import Lock
from lumptracker.env import Environment, WrongSetting

SHORTEST_PASSPHRASE = 20  # characters: whoever finds a backup may try as long as they like


def lock_to_write(environment: Environment) -> Lock:
    """By a public key where there is one, else by the passphrase. WrongSetting where there is neither."""
    public_key, passphrase = environment.text("BACKUP_PUBLIC_KEY"), environment.text("BACKUP_PASSPHRASE")
    if public_key:
        _prove("BACKUP_PUBLIC_KEY", "age", public_key)
        return Lock(public_key=public_key)
    if not passphrase:
        raise WrongSetting("BACKUP_PUBLIC_KEY", "is not set", "Set it, or BACKUP_PASSPHRASE; backup-key makes a key")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WrongSetting("BACKUP_PASSPHRASE", "is short", f"Use {SHORTEST_PASSPHRASE} characters or more")
    return Lock(passphrase=passphrase)


def lock_to_read(environment: Environment) -> Lock:
    """The secret key, the passphrase or both: the backup says which it needs."""
    secret_key, passphrase = environment.text("BACKUP_SECRET_KEY"), environment.text("BACKUP_PASSPHRASE")
    if secret_key:
        _prove("BACKUP_SECRET_KEY", "age-secret-key-", secret_key.lower())
    if not secret_key and not passphrase:
        raise WrongSetting("BACKUP_SECRET_KEY", "is not set", "Set it, or BACKUP_PASSPHRASE, to open the backup")
    return Lock(passphrase=passphrase, secret_key=secret_key)


def _prove(name: str, prefix: str, key: str) -> None:
    try:
        bech32.decode(prefix, key)
    except ValueError as error:
        raise WrongSetting(name, str(error), "Copy the whole key, as backup-key printed it") from error
