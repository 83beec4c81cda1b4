"""Mutation testing of the judgement: one small fault at a time, and whether a test notices. See docs/mutation.md."""
