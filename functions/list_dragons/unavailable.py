"""A query that its engine cannot answer now, for a reason that somebody can do something about."""


class QueryUnavailableError(Exception):
    """An engine is closed to this account, throttled, or cannot read what it was given.

    Attributes:
        remedy: What is the matter and what to do, in a sentence for the caller and the log.
        retry_after: In how many seconds the same question may be answered; none if it will not be by itself.
    """

    def __init__(self, remedy: str, retry_after: int | None = None) -> None:
        super().__init__(remedy)
        self.remedy = remedy
        self.retry_after = retry_after
