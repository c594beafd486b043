# How Lambda treats events that nobody waits for the result of: an EventBridge rule's, a topic's, a bucket's.
resource "aws_lambda_function_event_invoke_config" "live" {
  count = var.asynchronous == null ? 0 : 1

  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live.name

  maximum_event_age_in_seconds = var.asynchronous.event_age_seconds
  maximum_retry_attempts       = var.asynchronous.retries

  destination_config {
    on_failure {
      destination = var.asynchronous.on_failure
    }

    dynamic "on_success" {
      for_each = var.asynchronous.on_success == null ? [] : [var.asynchronous.on_success]

      content {
        destination = on_success.value
      }
    }
  }

  # Lambda tries the role's permissions when the destinations are set.
  depends_on = [aws_iam_role_policy.destinations]
}

locals {
  destinations = var.asynchronous == null ? [] : compact([var.asynchronous.on_failure, var.asynchronous.on_success])

  # By the service in the destination's ARN:
  # https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  destination_actions = {
    events = "events:PutEvents"
    lambda = "lambda:InvokeFunction"
    s3     = "s3:PutObject"
    sns    = "sns:Publish"
    sqs    = "sqs:SendMessage"
  }
}

data "aws_iam_policy_document" "destinations" {
  dynamic "statement" {
    for_each = local.destinations

    content {
      actions   = [local.destination_actions[split(":", statement.value)[2]]]
      resources = [startswith(statement.value, "arn:aws:s3:") ? "${statement.value}/*" : statement.value]
    }
  }

  dynamic "statement" {
    for_each = [for arn in local.destinations : arn if startswith(arn, "arn:aws:s3:")]

    content {
      actions   = ["s3:ListBucket"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role_policy" "destinations" {
  count = var.asynchronous == null ? 0 : 1

  name   = "destinations"
  role   = aws_iam_role.this.name
  policy = data.aws_iam_policy_document.destinations.json
}
