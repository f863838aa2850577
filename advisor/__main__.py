"""`python -m advisor`."""

from advisor.cli import main

main(prog_name="python -m advisor")
