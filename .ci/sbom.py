"""What is in the image, as CycloneDX 1.6: every package of a lock file by version and digest.

python .ci/sbom.py locks/requirements-scale.txt > build/sbom.json
"""

import json
import re
import sys
from pathlib import Path
from typing import Any


def sbom(lock: str) -> dict[str, Any]:
    """The components of a lock file's text; markers say on which system one is left out."""
    found = re.findall(
        r"^([\w.-]+)==(\S+)(?: ;[^\n\\]*)?((?:[ \\\n]+--hash=sha256:\w+)+)", lock, re.M
    )
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "worth-tuning"}},
        "components": [
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
                "hashes": [
                    {"alg": "SHA-256", "content": digest}
                    for digest in re.findall(r"sha256:(\w+)", digests)
                ],
            }
            for name, version, digests in found
        ],
    }


if __name__ == "__main__":
    json.dump(sbom(Path(sys.argv[1]).read_text("utf-8")), sys.stdout, indent=1)
