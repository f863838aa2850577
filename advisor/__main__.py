"""`python -m advisor`."""

import sys

from advisor.cli.command import WRONG_INPUT, main
from advisor.errors import BadSettings
from advisor.host.logs import configure

try:
    configure()
except BadSettings as error:
    print(error, file=sys.stderr)
    sys.exit(WRONG_INPUT)
main(prog_name="python -m advisor")
