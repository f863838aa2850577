"""A better instruction for a base option, searched for on texts that are not compared."""
