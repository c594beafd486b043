locals {
  name = "${var.name}${var.fifo ? ".fifo" : ""}"

  # Its policy names it before it exists.
  arn = join(":", [
    "arn", data.aws_partition.current.partition, "sqs", data.aws_region.current.id,
    data.aws_caller_identity.current.account_id, local.name,
  ])
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# A queue: encrypted, by TLS only, and kept for 14 days, the most that SQS keeps. A dead-letter queue is one too.
resource "aws_sqs_queue" "this" {
  name       = local.name
  fifo_queue = var.fifo
  policy     = data.aws_iam_policy_document.this.json # not by aws_sqs_queue_policy, for which the provider waits 25 seconds more

  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = 1209600
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true

  redrive_policy = var.dead_letters == null ? null : jsonencode({
    deadLetterTargetArn = var.dead_letters.arn
    maxReceiveCount     = var.dead_letters.max_receive_count
  })
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "DenyWithoutTLS"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  dynamic "statement" {
    for_each = var.senders

    content {
      sid       = "Send${statement.key}"
      actions   = ["sqs:SendMessage"]
      resources = [local.arn]

      principals {
        type        = "Service"
        identifiers = [statement.value.service]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [statement.value.source_arn]
      }
    }
  }
}

removed {
  from = aws_sqs_queue_policy.this

  lifecycle {
    destroy = false # it is the queue's own now
  }
}
