"""The kill harness: what is due is worked off by processes that die, sleep and wake at moments that nobody chose.

`nemesis` does the harm, `checker` reads afterwards what the outbox says and what really arrived. `seeded` holds bugs
that are put into the workers on purpose: a checker that has never failed proves nothing.
"""
