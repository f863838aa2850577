"""`python -m advisor`."""

from advisor import cli_backup
from advisor.logs import configure

configure()
cli_backup.main(prog_name="python -m advisor")
