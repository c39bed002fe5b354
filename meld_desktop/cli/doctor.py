"""``meld-link doctor``: check display, system libraries, web view, keyring and fonts, and say the exact remedy."""

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser

_EXITS = """exit codes:
  0    everything is there
  1    something is missing
  130  interrupted"""


def run(arguments: list[str]) -> int:
    """Print one line a check as it is done, then what to do; exit code 1 when something is missing."""
    command_parser(
        "doctor", "Check what this computer needs for the window, and say how to repair what is missing.", _EXITS
    ).parse_args(arguments)

    from meld_desktop.doctor.checks import Finding, one_remedy
    from meld_desktop.doctor.checks import run as run_checks

    bad: list[Finding] = []
    for finding in run_checks():
        output.result(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.text}")
        if not finding.ok:
            bad.append(finding)
    if not bad:
        return exits.DONE
    remedies = [one_remedy(bad), *(finding.remedy for finding in bad if not finding.missing)]
    for remedy in dict.fromkeys(str(remedy) for remedy in remedies if remedy is not None):
        output.result(f"\n{remedy}")
    return exits.FAILED
