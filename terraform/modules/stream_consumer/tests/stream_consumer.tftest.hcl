mock_provider "aws" {
  source = "../../testing/mocks"
}

run "loses_no_record_and_reports_what_it_gives_up" {
  assert {
    condition     = aws_lambda_event_source_mapping.stream.event_source_arn == var.stream_arn && aws_lambda_event_source_mapping.stream.starting_position == "TRIM_HORIZON"
    error_message = "no record written before the mapping may be lost"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.enabled
    error_message = "a function that is not halted must get its records"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.function_name == var.function.alias_arn
    error_message = "the mapping must call the alias"
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.stream.function_response_types == toset(["ReportBatchItemFailures"])
      && aws_lambda_event_source_mapping.stream.bisect_batch_on_function_error
    )
    error_message = "a failure must be narrowed down to its record"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.maximum_retry_attempts == 5 && aws_lambda_event_source_mapping.stream.maximum_record_age_in_seconds == 21600
    error_message = "retries must end while the stream still has the record"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.stream.destination_config[0].on_failure[0].destination_arn == aws_sqs_queue.dead_letters.arn
    error_message = "what is given up must reach the dead-letter queue"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.name == "dragons-test-write_dataset-dead-letters"
    error_message = "the queue must be named after its consumer"
  }

  assert {
    condition     = aws_sqs_queue.dead_letters.sqs_managed_sse_enabled && aws_sqs_queue.dead_letters.message_retention_seconds == 14 * 24 * 3600
    error_message = "dead letters must be encrypted and kept for 14 days"
  }

  assert {
    condition = (
      aws_iam_role_policy.this.role == "dragons-test-write_dataset"
      && data.aws_iam_policy_document.permissions.statement[0].actions == toset(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"])
      && data.aws_iam_policy_document.permissions.statement[0].resources == toset([var.stream_arn])
    )
    error_message = "the consumer's role must read this stream and no other"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[1].actions == toset(["dynamodb:ListStreams"])
      && data.aws_iam_policy_document.permissions.statement[1].resources == toset(["arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons/stream/*"])
    )
    error_message = "listing must be granted for this table's streams only"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.permissions.statement[2].actions == toset(["sqs:SendMessage"])
      && data.aws_iam_policy_document.permissions.statement[2].resources == toset([aws_sqs_queue.dead_letters.arn])
    )
    error_message = "the role must be able to send its dead letters"
  }
}

run "takes_nothing_while_its_function_is_halted" {
  command = plan
  variables {
    function = merge(var.function, { halted = true })
  }

  assert {
    condition     = !aws_lambda_event_source_mapping.stream.enabled
    error_message = "the records must wait in the stream"
  }
}

run "takes_every_record_unless_told_which" {
  assert {
    condition     = length(aws_lambda_event_source_mapping.stream.filter_criteria) == 0
    error_message = "without filters there must be none"
  }
}

run "takes_the_records_that_it_is_told" {
  variables {
    filters = [jsonencode({ eventName = ["REMOVE"] }), jsonencode({ dynamodb = { NewImage = { family_str = { S = ["red"] } } } })]
    bisect  = false
  }

  assert {
    condition = aws_lambda_event_source_mapping.stream.filter_criteria[0].filter == toset([
      { pattern = "{\"eventName\":[\"REMOVE\"]}" },
      { pattern = "{\"dynamodb\":{\"NewImage\":{\"family_str\":{\"S\":[\"red\"]}}}}" },
    ])
    error_message = "each pattern must be a filter"
  }

  assert {
    condition     = !aws_lambda_event_source_mapping.stream.bisect_batch_on_function_error
    error_message = "a batch must stay whole where that is asked for"
  }
}
