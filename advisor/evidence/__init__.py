"""What answers prove: metrics, judge, people, statistics and the conclusion."""
