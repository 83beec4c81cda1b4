"""Pictures with a known truth, and how well the app's camera measures on them: `python -m benchmarks.camera`."""
