# What could not be delivered on the way from the bus to a queue, a webhook or a phone.
module "undelivered" {
  source = "../../modules/queue"

  for_each = merge(
    {
      # By the bus to the topics.
      sightings = { service = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.sightings.arn }
      rangers   = { service = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.rangers.arn }
      # By the topics to their subscribers.
      sightings_tally = { service = "sns.amazonaws.com", source_arn = aws_sns_topic.sightings.arn }
      rangers_texts   = { service = "sns.amazonaws.com", source_arn = aws_sns_topic.rangers.arn }
    },
    {
      for partner in keys(var.webhooks) :
      "webhook_${partner}" => { service = "sns.amazonaws.com", source_arn = aws_sns_topic.sightings.arn }
    },
  )

  name    = "${var.context.prefix}-${each.key}-undelivered"
  senders = { Undelivered = each.value }
}
