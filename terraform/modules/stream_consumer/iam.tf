data "aws_iam_policy_document" "permissions" {
  statement {
    sid = "ReadStream"
    actions = [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
    ]
    resources = [var.stream_arn]
  }

  statement {
    sid     = "FindStream"
    actions = ["dynamodb:ListStreams"]
    # Granted on all of a table's streams, as in AWS's own example:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-read-stream-only.html
    resources = ["${split("/stream/", var.stream_arn)[0]}/stream/*"]
  }

  statement {
    sid       = "SendDeadLetters"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.dead_letters.arn]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "stream-consumer"
  role   = var.function.role_name
  policy = data.aws_iam_policy_document.permissions.json
}
