# New dragons, as texts to rangers' phones. A topic sends each message as it comes, and an event is nothing to read on a
# phone: so a rule makes a sentence of it, and the sentences have a topic of their own.
resource "aws_sns_topic" "rangers" {
  name         = "${var.context.prefix}-rangers"
  display_name = "Dragons" # what a text begins with
}

data "aws_iam_policy_document" "rangers" {
  statement {
    sid       = "Publish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.rangers.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.rangers.arn]
    }
  }
}

resource "aws_sns_topic_policy" "rangers" {
  arn    = aws_sns_topic.rangers.arn
  policy = data.aws_iam_policy_document.rangers.json
}

resource "aws_cloudwatch_event_rule" "rangers" {
  name           = "${var.context.prefix}-rangers"
  description    = "New dragons, for rangers."
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode({ source = ["dragons"], detail-type = ["DragonAdded"] })
}

resource "aws_cloudwatch_event_target" "rangers" {
  rule           = aws_cloudwatch_event_rule.rangers.name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_sns_topic.rangers.arn

  # The quotation marks are a part of it, and so of the text: EventBridge sends JSON.
  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
  input_transformer {
    input_paths = {
      name    = "$.detail.dragon.dragon_name_str"
      family  = "$.detail.dragon.family_str"
      city    = "$.detail.dragon.location_city_str"
      country = "$.detail.dragon.location_country_str"
    }
    input_template = "\"New dragon: <name>, family <family>, seen in <city>, <country>.\""
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600 # a sighting of yesterday sends nobody out
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.undelivered["rangers"].arn
  }
}

locals {
  # A plan shows what it is keyed by, and no number.
  rangers = { for number in var.rangers : substr(sha256(number), 0, 8) => number }
}

resource "aws_sns_topic_subscription" "ranger" {
  for_each = toset(nonsensitive(keys(local.rangers)))

  topic_arn = aws_sns_topic.rangers.arn
  protocol  = "sms"
  endpoint  = local.rangers[each.key]

  redrive_policy = jsonencode({ deadLetterTargetArn = module.undelivered["rangers_texts"].arn })
}
