mock_provider "aws" {
  source = "../../testing/mocks"
}

run "refuses_an_unknown_engine_and_a_history_of_no_days" {
  command = plan
  variables {
    query_engine         = "s3_select" # not there yet
    dataset_history_days = 0
  }
  expect_failures = [var.query_engine, var.dataset_history_days]
}
