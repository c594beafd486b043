resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn = var.stream_arn
  function_name    = var.function.alias_arn
  # From the stream's beginning: what was written before this mapping existed is not lost.
  starting_position = "TRIM_HORIZON"
  enabled           = !var.function.halted

  batch_size                         = var.batch_size
  maximum_batching_window_in_seconds = var.batch_window_seconds
  parallelization_factor             = var.parallelization_factor

  function_response_types        = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error = var.bisect
  maximum_retry_attempts         = var.retry_attempts
  maximum_record_age_in_seconds  = var.record_age_seconds

  dynamic "filter_criteria" {
    for_each = length(var.filters) > 0 ? [var.filters] : []

    content {
      dynamic "filter" {
        for_each = filter_criteria.value

        content {
          pattern = filter.value
        }
      }
    }
  }

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.dead_letters.arn
    }
  }

  # Lambda tries the role's permissions when the mapping is made.
  depends_on = [aws_iam_role_policy.this]
}
