"""The budgets of the product as ratios against a bare baseline in the same run: ``python -m tests.benchmarks``.

Nothing here fails on time: machines differ, and the same machine differs from minute to minute.
"""
