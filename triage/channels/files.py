"""Stands in until the channels are built."""
