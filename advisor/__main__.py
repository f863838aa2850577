"""`python -m advisor`."""

import sys

import advisor.cli_backup  # noqa: F401 - its commands are listed with the others
from advisor.cli import WRONG_INPUT, main
from advisor.errors import BadSettings
from advisor.logs import configure

try:
    configure()
except BadSettings as error:
    print(error, file=sys.stderr)
    sys.exit(WRONG_INPUT)
main(prog_name="python -m advisor")
