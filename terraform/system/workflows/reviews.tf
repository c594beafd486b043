# Reports of families that are new wait for reviewers. Without review_new_families none comes to wait, and who waits can
# still be decided on.

locals {
  review_deadline_seconds  = var.review_deadline_hours * 3600
  review_heartbeat_seconds = 1800 # three beats of renew_reviews
}

# To the function that puts a review on record. What is in it has the tokens that decide.
module "reviews" {
  source = "../../modules/queue"

  name                       = "${var.context.prefix}-open_review"
  visibility_timeout_seconds = var.visibility_timeout_seconds
  dead_letters               = { arn = module.reviews_dead_letters.arn }
}

module "reviews_dead_letters" {
  source = "../../modules/queue"

  name = "${var.context.prefix}-open_review-dead-letters"
}

# One item a review, which stays for a while after it was decided: who decided, how and when.
module "reviews_table" {
  source = "../../modules/table"

  name           = "${var.context.prefix}-reviews"
  key            = "review_id"
  index          = { name = "waiting", key = "waiting", sort_key = "since" }
  expiry         = "forget_at"
  protect_data   = var.context.protect_data
  kms_encryption = var.context.kms_encryption
}

# --- The beat ----------------------------------------------------------------------------------------

resource "aws_cloudwatch_event_rule" "renew_reviews" {
  name                = "${var.context.prefix}-renew_reviews"
  description         = "The beat of the open reviews."
  schedule_expression = "rate(10 minutes)"
}

resource "aws_cloudwatch_event_target" "renew_reviews" {
  rule = aws_cloudwatch_event_rule.renew_reviews.name
  arn  = var.renew_reviews.alias_arn

  retry_policy {
    maximum_event_age_in_seconds = 600 # then the next one is due
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = module.beats_lost.arn
  }

  depends_on = [aws_lambda_permission.renew_reviews]
}

resource "aws_lambda_permission" "renew_reviews" {
  statement_id  = "schedule"
  action        = "lambda:InvokeFunction"
  function_name = var.renew_reviews.function_name
  qualifier     = var.renew_reviews.alias_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.renew_reviews.arn
}

# What the rule could not deliver, and at what the function failed.
module "beats_lost" {
  source = "../../modules/queue"

  name    = "${var.context.prefix}-renew_reviews-undelivered"
  senders = { Undelivered = { service = "events.amazonaws.com", source_arn = aws_cloudwatch_event_rule.renew_reviews.arn } }
}
