"""Facts in, verdict out: rules, gates, lean, costs, sensitivity, decision."""
