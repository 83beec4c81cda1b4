"""A record to look at: invented, but measured and answered as a person would."""
