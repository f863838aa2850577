"""Errors with prices that the reader can mend."""


class PricingError(Exception):
    """A full sentence that says what to do; shown to the reader as it stands."""


class UnknownModel(PricingError):
    """No price is known for this model; the reader is asked for one."""


class UnknownOffer(PricingError):
    """No offer goes by this reference."""


class AmbiguousOffer(PricingError):
    """Several offers go by this reference; the message lists them."""
