"""Leaves out botocore's descriptions of services that nothing makes a client of.

botocore describes more than 400 services, in nine tenths of its size, and reads a description only for a
client of that service. Which are needed is read off the sources: ours, and those of the packages beside them.
"""

# boto3's are those of its resource interface.
_FOLDERS = ("botocore/data/", "boto3/data/")


def described_service(path: str) -> str | None:
    """The service that a file of a wheel belongs to; None if to none, or to all of them.

    Args:
        path: The file's, relative to `site-packages`.
    """
    if not path.startswith(_FOLDERS):
        return None
    service, _, file = path.split("/data/", 1)[1].partition("/")
    return service if file else None
