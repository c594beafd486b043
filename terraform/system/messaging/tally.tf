# To the function that counts the dragons of each family and country, in no order: sums need none.
module "tally" {
  source = "../../modules/queue"

  name                       = "${var.context.prefix}-tally_families"
  visibility_timeout_seconds = var.visibility_timeouts.tally_families
  dead_letters               = { arn = module.tally_dead_letters.arn }
  senders                    = { Sightings = { service = "sns.amazonaws.com", source_arn = aws_sns_topic.sightings.arn } }
}

module "tally_dead_letters" {
  source = "../../modules/queue"

  name = "${var.context.prefix}-tally_families-dead-letters"
}

resource "aws_sns_topic_subscription" "tally" {
  topic_arn            = aws_sns_topic.sightings.arn
  protocol             = "sqs"
  endpoint             = module.tally.arn
  raw_message_delivery = true # the event as the bus has it

  redrive_policy = jsonencode({ deadLetterTargetArn = module.undelivered["sightings_tally"].arn })

  # SNS tries the queue's policy when it delivers.
  depends_on = [module.tally]
}
