"""What people prefer: blind votes, ballots, and how far they agree."""
