"""A whole decision as one file: taken out of the store, and put in again."""
