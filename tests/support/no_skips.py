"""A pytest plugin for CI (``-p tests.support.no_skips``): a test that is skipped is a test that failed.

On a person's machine tests skip where a part of a desktop is missing; CI installs every part, so a skip there means
that something was not proved.
"""

from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn the skip of a test, or of its fixtures, into a failure that names the reason."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report  # type: ignore[return-value]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Turn the skip of a whole module into an error of its collection."""
    report: pytest.CollectReport = yield  # type: ignore[assignment]
    if report.skipped:
        _fail(report)
    return report  # type: ignore[return-value]


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: a skip is a failure here: {reason}"
