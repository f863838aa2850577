"""Runs that go on in processes of their own, over a queue on Postgres."""
