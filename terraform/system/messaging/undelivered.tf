# What could not be delivered on the way from the bus to a queue.
module "undelivered" {
  source = "../../modules/queue"

  for_each = {
    # By the bus to the topic.
    sightings = { service = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.sightings.arn }
    # By the topic to its subscribers.
    sightings_tally = { service = "sns.amazonaws.com", source_arn = aws_sns_topic.sightings.arn }
  }

  name    = "${var.context.prefix}-${each.key}-undelivered"
  senders = { Undelivered = each.value }
}
