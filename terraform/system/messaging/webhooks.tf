# From the topic `sightings` to partners, each at a URL of theirs. SNS signs what it posts, which is why it is not raw.
resource "aws_sns_topic_subscription" "webhook" {
  for_each = var.webhooks

  topic_arn = aws_sns_topic.sightings.arn
  protocol  = split(":", local.webhook_urls[each.key])[0]
  endpoint  = local.webhook_urls[each.key]

  # The receiver has to be there, and an apply says within a minute whether it confirms.
  endpoint_auto_confirms = true

  filter_policy_scope = each.value.families == null ? null : "MessageBody"
  filter_policy = each.value.families == null ? null : jsonencode({
    # How a dragon is, or was: who follows a family hears of a dragon that leaves it, too.
    "$or" = [for image in ["dragon", "before"] : { detail = { (image) = { family_str = each.value.families } } }]
  })

  # Again after 5 seconds, and then ever later, within half an hour: receivers refuse what is older than an hour.
  # https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
  delivery_policy = jsonencode({
    healthyRetryPolicy = {
      numRetries         = 10
      numNoDelayRetries  = 0
      numMinDelayRetries = 2
      numMaxDelayRetries = 3
      minDelayTarget     = 5
      maxDelayTarget     = 300
      backoffFunction    = "exponential"
    }
    throttlePolicy = { maxReceivesPerSecond = 10 }
  })

  redrive_policy = jsonencode({ deadLetterTargetArn = module.undelivered["webhook_${each.key}"].arn })
}

locals {
  webhook_urls = { for partner, webhook in var.webhooks : partner => coalesce(webhook.url, var.receiver_url) }
}
