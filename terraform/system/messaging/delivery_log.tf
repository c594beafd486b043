# What the topic `sightings` could not deliver, and a share of what it did, each with the endpoint and its response.
# https://docs.aws.amazon.com/sns/latest/dg/topics-attrib.html
locals {
  delivered_log_role    = var.delivery_log_percent > 0 ? aws_iam_role.delivery_log.arn : null
  delivered_log_percent = var.delivery_log_percent > 0 ? var.delivery_log_percent : null
}

# SNS gives them their names. Without them it would make its own, which are kept for good.
resource "aws_cloudwatch_log_group" "delivery" {
  for_each = toset(["", "/Failure"])

  name              = "sns/${var.context.region}/${var.context.account_id}/${var.context.prefix}-sightings${each.key}"
  retention_in_days = var.context.log_retention_days
}

data "aws_iam_policy_document" "delivery_log_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.context.account_id]
    }
  }
}

resource "aws_iam_role" "delivery_log" {
  name               = "${var.context.prefix}-delivery_log"
  assume_role_policy = data.aws_iam_policy_document.delivery_log_trust.json
}

data "aws_iam_policy_document" "delivery_log" {
  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in aws_cloudwatch_log_group.delivery : "${group.arn}:*"]
  }
}

resource "aws_iam_role_policy" "delivery_log" {
  name   = "permissions"
  role   = aws_iam_role.delivery_log.name
  policy = data.aws_iam_policy_document.delivery_log.json
}
