# Dragons that come, change and go, from the bus to the topic `sightings`, and from there to each subscriber.
resource "aws_sns_topic" "sightings" {
  name              = "${var.context.prefix}-sightings"
  signature_version = 2 # SHA-256

  http_failure_feedback_role_arn    = aws_iam_role.delivery_log.arn
  http_success_feedback_role_arn    = local.delivered_log_role
  http_success_feedback_sample_rate = local.delivered_log_percent

  sqs_failure_feedback_role_arn    = aws_iam_role.delivery_log.arn
  sqs_success_feedback_role_arn    = local.delivered_log_role
  sqs_success_feedback_sample_rate = local.delivered_log_percent
}

data "aws_iam_policy_document" "sightings" {
  statement {
    sid       = "Publish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.sightings.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.sightings.arn]
    }
  }
}

resource "aws_sns_topic_policy" "sightings" {
  arn    = aws_sns_topic.sightings.arn
  policy = data.aws_iam_policy_document.sightings.json
}

resource "aws_cloudwatch_event_rule" "sightings" {
  name           = "${var.context.prefix}-sightings"
  description    = "Dragons that come, change and go."
  event_bus_name = aws_cloudwatch_event_bus.this.name

  event_pattern = jsonencode({
    source      = ["dragons"]
    detail-type = ["DragonAdded", "DragonChanged", "DragonRemoved"]
  })
}

resource "aws_cloudwatch_event_target" "sightings" {
  rule           = aws_cloudwatch_event_rule.sightings.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_sns_topic.sightings.arn

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.undelivered["sightings"].arn
  }
}
