mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

variables {
  name = "dragons-test-tally"
}

run "is_encrypted_and_keeps_messages_for_14_days" {
  command = plan

  assert {
    condition     = output.name == "dragons-test-tally" && !aws_sqs_queue.this.fifo_queue
    error_message = "the queue must have its name"
  }

  assert {
    condition     = aws_sqs_queue.this.sqs_managed_sse_enabled && aws_sqs_queue.this.message_retention_seconds == 1209600
    error_message = "the queue must be encrypted, and keep messages as long as SQS can"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.this.statement) == 1
    error_message = "nobody may send unless told"
  }
}

run "hands_over_what_was_received_too_often" {
  command = plan
  variables {
    dead_letters = { arn = "arn:aws:sqs:us-east-1:000000000000:dead", max_receive_count = 3 }
  }

  assert {
    condition = jsondecode(aws_sqs_queue.this.redrive_policy) == {
      deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead"
      maxReceiveCount     = 3
    }
    error_message = "the redrive policy must be the input's"
  }
}

run "keeps_order_when_told_and_lets_a_service_send" {
  command = plan
  variables {
    fifo    = true
    senders = { Topic = { service = "sns.amazonaws.com", source_arn = "arn:aws:sns:us-east-1:000000000000:topic" } }
  }

  assert {
    condition     = output.name == "dragons-test-tally.fifo" && aws_sqs_queue.this.fifo_queue
    error_message = "a FIFO queue's name ends with .fifo"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.this.statement[1].sid == "SendTopic"
      && one(data.aws_iam_policy_document.this.statement[1].condition).values == tolist(["arn:aws:sns:us-east-1:000000000000:topic"])
    )
    error_message = "the service may send for its own source alone"
  }
}

run "refuses_what_sqs_would" {
  command = plan
  variables {
    name                       = "no.dots"
    visibility_timeout_seconds = 0
    dead_letters               = { arn = "arn:aws:sqs:us-east-1:000000000000:dead", max_receive_count = 0 }
    senders                    = { topic = { service = "sns.amazonaws.com", source_arn = "arn:aws:sns:us-east-1:000000000000:topic" } }
  }
  expect_failures = [var.name, var.visibility_timeout_seconds, var.dead_letters, var.senders]
}
