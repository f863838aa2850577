"""Settings, sign-in, budgets, logs and numbers of whoever runs the server."""
