# A function that takes messages off a queue, in batches of which it may fail a part.
resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = var.queue.arn
  function_name    = var.function.alias_arn
  enabled          = !var.function.halted # else messages would be received, refused, and in time given up

  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batch_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.maximum_concurrency
  }

  # Lambda tries the role's permissions when the mapping is made.
  depends_on = [aws_iam_role_policy.this]
}

data "aws_iam_policy_document" "permissions" {
  statement {
    sid       = "TakeMessages"
    actions   = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [var.queue.arn]
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "queue-consumer"
  role   = var.function.role_name
  policy = data.aws_iam_policy_document.permissions.json
}
