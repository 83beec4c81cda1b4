"""Backups: one encrypted file with the database, the sealed pictures and a list of both. No key of ours is inside."""
