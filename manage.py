#!/usr/bin/env python
"""The one command of this project; `manage.py help` lists what it can do."""

from lumptracker.__main__ import main

if __name__ == "__main__":
    main()
