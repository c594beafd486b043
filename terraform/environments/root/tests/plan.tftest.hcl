# Every environment plans with its own values.

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

run "names_what_is_its_own_in_the_region_that_its_settings_name" {
  command = plan

  assert {
    condition     = output.dragons_table == "dragons-${local.environment}-dragons"
    error_message = "dragons_table must be the environment's own"
  }

  assert {
    condition     = output.partners_table == "dragons-${local.environment}-partners"
    error_message = "partners_table must be the environment's own"
  }

  assert {
    condition     = output.parameter_path == "/dragons/${local.environment}"
    error_message = "parameter_path must be the environment's own"
  }

  assert {
    condition     = split(":", output.functions.list_dragons)[3] == local.region
    error_message = "functions must be in the environment's region"
  }
}
