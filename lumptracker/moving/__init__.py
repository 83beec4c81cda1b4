"""Carrying an installation to another database and another place for its pictures, and back.

Each pass reads one consistent moment of the source and makes the target equal to it, whatever the target holds so far.
So a pass that was killed is simply begun again, and what is there already is compared but not written a second time.
"""
