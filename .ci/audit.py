"""Are there known holes in the packages we install? Asks PyPI's advisories; says so if it can't.

    python .ci/audit.py locks/requirements-dev.txt

Exit codes: 0 none known, or nobody to ask; 1 one is known.
"""

import json
import subprocess
import sys

SKIPPED = "pip-audit skipped: no network to the advisory database."


def main(lock: str) -> int:
    """Ask about every package of a lock file, and say what is known."""
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip"]
    command += ["--progress-spinner", "off", "--timeout", "15", "-f", "json", "-r", lock]
    told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    sentence, code = verdict(told.stdout)
    print(sentence)
    return code


def verdict(told: str) -> tuple[str, int]:
    """What pip-audit's JSON comes to, and the exit code; "" = it ended without an answer."""
    try:
        packages = json.loads(told)["dependencies"]
    except ValueError:
        return SKIPPED, 0
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:  # a mirror without advisories answers that it knows no package at all
        return SKIPPED, 0
    known = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in "
        + (", ".join(hole["fix_versions"]) or "no version yet")
        for package in asked
        for hole in package["vulns"]
    ]
    of = f"{len(asked)} of {len(packages)} packages were asked about"
    if known:
        return "\n".join([*known, f"pip-audit: {len(known)} known; {of}."]), 1
    return f"pip-audit: none known; {of}.", 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
