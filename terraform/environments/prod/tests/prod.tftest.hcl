mock_provider "aws" {
  source = "../../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../testing/mocks"
}

variables {
  repository_root     = "../../.."
  placeholder_domains = "ignore"
}

run "keeps_what_production_must_not_lose" {
  command = plan

  assert {
    condition     = local.protect_data && local.log_retention_days == 365 && local.dataset_history_days == 30
    error_message = "production's data must be protected, its log kept for a year, its dataset's history for a month"
  }

  assert {
    condition     = !local.data_trace
    error_message = "production's log must not hold what callers send"
  }
}
