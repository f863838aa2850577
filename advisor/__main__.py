"""`python -m advisor`."""

import advisor.cli_backup  # noqa: F401 - its commands are listed with the others
from advisor.cli import main
from advisor.logs import configure

configure()
main(prog_name="python -m advisor")
