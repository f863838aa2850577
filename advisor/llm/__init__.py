"""Ask a model at an address."""
