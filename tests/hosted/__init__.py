"""What needs programs that are not everywhere: `make hosted`, outside `make test`."""
