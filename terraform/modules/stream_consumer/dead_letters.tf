# A message names the records that were given up; they are read from the stream itself while it still has them.
# The provider takes 25 seconds for a new queue: its name comes from no resource, so that it starts at once.
resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-dead-letters"
  message_retention_seconds = 1209600 # 14 days, the most SQS keeps
  sqs_managed_sse_enabled   = true
}
