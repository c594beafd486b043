mock_provider "aws" {
  source = "../testing/mocks"
}

run "refuses_an_environment_with_a_hyphen_and_a_zone_for_a_region" {
  command = plan
  variables {
    environment = "my-test"
    region      = "us-east-1a"
  }
  expect_failures = [var.environment, var.region]
}

run "refuses_a_region_of_another_partition" {
  command = plan
  variables {
    region = "cn-north-1"
  }
  expect_failures = [var.region]
}

run "says_to_build_first" {
  command = plan
  variables {
    repository_root = "../testing"
  }
  expect_failures = [var.repository_root]
}

run "refuses_a_manifest_it_does_not_know" {
  command = plan
  variables {
    repository_root = "../testing/future_repository"
  }
  expect_failures = [var.repository_root]
}

run "refuses_a_function_that_no_block_deploys" {
  command = plan
  variables {
    repository_root = "../testing/undeployed_repository"
  }
  expect_failures = [var.repository_root]
}

run "refuses_no_origins" {
  command = plan
  variables {
    allowed_origins = []
  }
  expect_failures = [var.allowed_origins]
}

run "refuses_every_origin" {
  command = plan
  variables {
    allowed_origins = ["*"]
  }
  expect_failures = [var.allowed_origins]
}

run "refuses_an_origin_with_a_path" {
  command = plan
  variables {
    allowed_origins = ["https://dragons.example/"]
  }
  expect_failures = [var.allowed_origins]
}

run "refuses_an_origin_that_no_browser_sends" {
  command = plan
  variables {
    allowed_origins = ["https://dragons.example:443"]
  }
  expect_failures = [var.allowed_origins]
}

run "refuses_a_url_without_the_stage" {
  command = plan
  variables {
    url_formats = { rest_api = "http://127.0.0.1:4566/_aws/execute-api/%s" }
  }
  expect_failures = [var.url_formats]
}

run "refuses_urls_without_what_they_are_of" {
  command = plan
  variables {
    url_formats           = { http_api = "https://api.example", issuer = "https://id.example/%s/", hosted_ui = "https://id.example" }
    partners_upstream_url = "https://partners.example/"
    jwt_authorizer        = { issuer = "https://id.example", audience = [] }
  }
  expect_failures = [var.url_formats, var.partners_upstream_url, var.jwt_authorizer]
}

run "refuses_a_page_over_http" {
  command = plan
  variables {
    sign_in = { callback_urls = ["http://dragons.example/callback"], logout_urls = [] }
  }
  expect_failures = [var.sign_in]
}

run "refuses_a_page_without_a_host" {
  command = plan
  variables {
    sign_in = { callback_urls = ["https:///callback"], logout_urls = [] }
  }
  expect_failures = [var.sign_in]
}

run "refuses_a_page_with_a_blank" {
  command = plan
  variables {
    sign_in = { callback_urls = ["https://dragons.example/callback"], logout_urls = ["https://dragons.example/a page"] }
  }
  expect_failures = [var.sign_in]
}

run "refuses_a_provider_without_openid" {
  command = plan
  variables {
    oidc_identity_provider = {
      name = "Partner", issuer = "https://id.example", client_id = "dragons", client_secret = "x", scopes = ["email"]
    }
  }
  expect_failures = [var.oidc_identity_provider]
}

run "refuses_a_provider_of_cognitos_own_name" {
  command = plan
  variables {
    oidc_identity_provider = { name = "Google", issuer = "https://id.example", client_id = "dragons", client_secret = "x" }
  }
  expect_failures = [var.oidc_identity_provider]
}

run "refuses_a_provider_without_a_secret" {
  command = plan
  variables {
    oidc_identity_provider = { name = "Partner", issuer = "https://id.example", client_id = "dragons", client_secret = "" }
  }
  expect_failures = [var.oidc_identity_provider]
}

run "refuses_values_out_of_range" {
  command = plan
  variables {
    query_engine           = "s3_select" # not there yet
    dataset_history_days   = 0
    artifacts_history_days = 0.5
    log_retention_days     = 2
    text_messages          = "all"
  }
  expect_failures = [var.text_messages, var.query_engine, var.dataset_history_days, var.artifacts_history_days, var.log_retention_days]
}

run "refuses_a_sender_of_another_identity" {
  command = plan
  variables {
    email = { identity_arn = "arn:aws:ses:us-east-1:111122223333:identity/dragons.example", from = "dragons@my-dragons.example" }
  }
  expect_failures = [var.email]
}

run "refuses_a_sender_that_is_no_address_and_an_identity_that_is_no_arn" {
  command = plan
  variables {
    email = { identity_arn = "dragons.example", from = "Dragons", reply_to = "nobody" }
  }
  expect_failures = [var.email]
}

run "takes_a_sender_with_a_name" {
  command = plan
  variables {
    email = { identity_arn = "arn:aws:ses:us-east-1:111122223333:identity/dragons.example", from = "Dragons <no-reply@dragons.example>" }
  }
}

run "refuses_what_the_stage_cannot_do" {
  command = plan
  variables {
    throttling         = { rate = 0, burst = 1 }
    method_throttling  = { "dragons/POST" = { rate = 1, burst = 1 } }
    partner_throttling = { rate = 1, burst = 0.5 }
  }
  expect_failures = [var.throttling, var.method_throttling, var.partner_throttling]
}

run "refuses_limits_under_which_nobody_gets_in" {
  command = plan
  variables {
    throttling         = { rate = 1, burst = 0 }
    method_throttling  = { "POST /dragons" = { rate = 1, burst = 0 } }
    partner_throttling = { rate = 0, burst = 1 }
  }
  expect_failures = [var.throttling, var.method_throttling, var.partner_throttling]
}

run "refuses_an_address_for_a_domain" {
  command = plan
  variables {
    email_domains = { refused = ["ann@example.org"] }
  }
  expect_failures = [var.email_domains]
}

run "refuses_a_domain_that_is_allowed_and_refused" {
  command = plan
  variables {
    email_domains = { allowed = ["lair.example.org"], refused = ["example.org"] }
  }
  expect_failures = [var.email_domains]
}

run "takes_an_allowed_domain_less_one_below_it" {
  command = plan
  variables {
    email_domains = { allowed = ["example.org"], refused = ["lair.example.org", "ample.org"] }
  }
}

run "refuses_limits_of_a_method_that_is_not_there" {
  command = plan
  variables {
    method_throttling = { "POST /dragon" = { rate = 1, burst = 1 } }
  }
  expect_failures = [var.method_throttling]
}
