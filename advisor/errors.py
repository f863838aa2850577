"""What can go wrong in a way the reader can mend."""


class AdvisorError(Exception):
    """A full sentence that says what to do; shown to the reader as it stands."""


class BadImport(AdvisorError):
    """A file or paste that could not be read as prompts or as a case."""


class BadCase(AdvisorError):
    """A case that does not fit its schema."""


class BadEndpoint(AdvisorError):
    """A model address that cannot be used as it is."""


class UnknownRun(AdvisorError):
    """No run goes by this id."""


class UnknownCase(AdvisorError):
    """No case goes by this id."""


class RunIsLive(AdvisorError):
    """Another runner is at work on this run."""


class NothingToRun(AdvisorError):
    """A case without prompts, or without an option that has an address and a model."""


class UnpricedCap(AdvisorError):
    """A run is to stop at a cap, but a price it needs is not known."""


class BadDatabase(AdvisorError):
    """The file or server named can't be used as the database."""


class DatabaseAway(AdvisorError):
    """The database can't be reached for the moment; what was asked may be asked again."""


class BadSettings(AdvisorError):
    """A setting of the host that can't be used; only the host can mend it."""


class BadTrainingFile(AdvisorError):
    """A file that could not be read as examples to train on."""


class BadVoter(AdvisorError):
    """A name that no ballot can be made for."""


class NamesShown(AdvisorError):
    """A vote on a text of which its voter knows which answer is whose."""


class BallotClosed(AdvisorError):
    """A ballot that takes no vote any more."""


class BadSnapshot(AdvisorError):
    """A shared report that this version of the app can't read."""


class NotSignedIn(AdvisorError):
    """A visitor who has to sign in first."""


class OverBudget(AdvisorError):
    """A run that the host's budget for a day or a run has no room for."""
