"""SQLite whose writers stand in line: see `line.py`."""
