"""How a method is named in a stage's settings and in a usage plan.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html (`methodSettings`) and
https://docs.aws.amazon.com/apigateway/latest/api/API_ApiStage.html (`throttle`)
"""


def plain_key(key: str) -> str:
    """`~1animals~1{id}/GET`, with or without a slash before it, is `/animals/{id}/GET`; `*/*` is itself."""
    if key.strip("/") == "*/*":
        return "*/*"
    path, _, verb = key.rpartition("/")
    return f"/{path.replace('~1', '/').replace('~0', '~').strip('/')}/{verb}"
