# To the function that keeps each dragon's history, in order: a group of messages is a dragon. announce_dragon sends them
# itself, since a rule of the bus has one group for all events.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_SqsParameters.html
module "journal" {
  source = "../../modules/queue"

  name                       = "${var.context.prefix}-keep_journal"
  fifo                       = true
  visibility_timeout_seconds = var.visibility_timeouts.keep_journal
  dead_letters               = { arn = module.journal_dead_letters.arn }
}

module "journal_dead_letters" {
  source = "../../modules/queue"

  name = "${var.context.prefix}-keep_journal-dead-letters"
  fifo = true
}
