"""S3's operation SelectObjectContent, which LocalStack refuses with 501.

An error before the first event is the response itself, as AWS answers; a later one ends the stream.
"""

from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, handler
from localstack.http import Response
from localstack.services.s3.provider import S3Provider


@handler("SelectObjectContent", expand=False)
def select_object_content(self: S3Provider, context: RequestContext, request: Any) -> Response:
    """Answer a query."""
    # The parser of SQL takes its time to import, which a cloud without queries saves.
    from localcloud.s3_select.operation import Selection, answer
    from localcloud.s3_select.values import SelectError

    asked: Any = {"Bucket": request["Bucket"], "Key": request["Key"]}
    try:
        selection = Selection(request)
        events = selection.events(self.get_object(context, asked)["Body"])
        first = next(events)
    except SelectError as error:
        raise CommonServiceException(error.code, error.message) from error
    headers = {"Content-Type": "application/octet-stream", "x-amz-request-id": context.request_id or ""}
    return Response(answer(first, events), headers=headers)


def apply() -> None:
    """Serve it."""
    provider: Any = S3Provider
    provider.select_object_content = select_object_content
