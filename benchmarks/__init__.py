"""Benchmarks of respin: accuracy and speed. Results that matter stand in RESULTS.md."""
