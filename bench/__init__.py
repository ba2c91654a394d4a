"""Benchmarks: the real server, driven from another process; see README.md."""
