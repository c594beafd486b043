# Each run plans the whole system, so each gives as many variables as it can a value that is refused: a variable whose
# value is taken fails its run by name.
mock_provider "aws" {
  source = "../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../testing/mocks"
}

run "refuses_what_has_another_form" {
  command = plan
  variables {
    environment            = "my-test"    # a hyphen
    region                 = "us-east-1a" # a zone
    repository_root        = "../testing" # nothing is built there
    allowed_origins        = []
    url_formats            = { rest_api = "http://127.0.0.1:4566/_aws/execute-api/%s" } # without the stage
    partners_upstream_url  = "https://partners.example/"
    jwt_authorizer         = { issuer = "https://id.example", audience = [] }
    sign_in                = { callback_urls = ["http://dragons.example/callback"], logout_urls = [] }
    query_engine           = "sqlite"
    largest_scan           = 0.5
    dataset_history_days   = 0
    halted                 = ["count_dragons"] # which there is not
    reserved_concurrency   = { count_dragons = 5 }
    artifacts_history_days = 0.5
    log_retention_days     = 2
    text_messages          = "all"
    texts_per_day          = 0.5
    compaction             = { schedule = "3 o'clock", max_concurrency = 41, settled_hours = 23 }
    imports                = { max_concurrency = 0, tolerated_failure_percentage = 101, max_lines = 0.5, work_days = 0 }
    webhooks               = { Zoo = { url = "https://zoo.example" } } # a capital
    delivery_log_percent   = 0.5
    throttling             = { rate = 0, burst = 1 }
    method_throttling      = { "dragons/POST" = { rate = 1, burst = 1 } }
    partner_throttling     = { rate = 1, burst = 0.5 }
    edge                   = { aliases = ["https://dragons.example"], price_class = "PriceClass_50" }    # a URL
    email_domains          = { refused = ["ann@example.org"] }                                           # an address
    email                  = { identity_arn = "dragons.example", from = "Dragons", reply_to = "nobody" } # no ARN, no address
    oidc_identity_provider = {                                                                           # without openid
      name = "Partner", issuer = "https://id.example", client_id = "dragons", client_secret = "x", scopes = ["email"]
    }
  }
  expect_failures = [
    var.environment, var.region, var.repository_root, var.allowed_origins, var.url_formats, var.partners_upstream_url,
    var.jwt_authorizer, var.sign_in, var.query_engine, var.dataset_history_days, var.artifacts_history_days,
    var.log_retention_days, var.text_messages, var.texts_per_day, var.throttling, var.method_throttling,
    var.partner_throttling, var.email_domains, var.email, var.oidc_identity_provider, var.webhooks,
    var.delivery_log_percent, var.halted, var.reserved_concurrency, var.imports,
    var.compaction, var.edge, var.largest_scan,
  ]
}

run "refuses_what_nobody_could_use" {
  command = plan
  variables {
    region               = "cn-north-1"                   # another partition
    texts_per_day        = 0                              # "off" says that
    largest_scan         = 0                              # nothing could be looked for
    query_engine         = "athena"                       # without tables
    reserved_concurrency = { list_dragons = 0 }           # which is a halt
    repository_root      = "../testing/future_repository" # a manifest of a version that is not known
    allowed_origins      = ["*"]
    url_formats          = { http_api = "https://api.example", issuer = "https://id.example/%s/", site = "http://%s/", hosted_ui = "https://id.example", sns = "https://sns.example/" }
    webhooks             = { zoo = { url = "http://zoo.example" } }                                                                   # in plain text
    rangers              = ["+12065550100"]                                                                                           # texts are off
    sign_in              = { callback_urls = ["https:///callback"], logout_urls = [] }                                                # without a host
    edge                 = { aliases = ["dragons.example"], certificate_arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0123" } # CloudFront sees no such
    throttling           = { rate = 1, burst = 0 }
    method_throttling    = { "POST /dragons" = { rate = 1, burst = 0 } }
    partner_throttling   = { rate = 0, burst = 1 }
    email_domains        = { allowed = ["lair.example.org"], refused = ["example.org"] } # nobody is left
    email                = { identity_arn = "arn:aws:ses:us-east-1:111122223333:identity/dragons.example", from = "dragons@my-dragons.example" }
    oidc_identity_provider = { # a name of Cognito's own
      name = "Google", issuer = "https://id.example", client_id = "dragons", client_secret = "x"
    }
  }
  expect_failures = [
    var.region, var.texts_per_day, var.query_engine, var.repository_root, var.allowed_origins, var.url_formats, var.sign_in,
    var.throttling, var.method_throttling, var.partner_throttling, var.email_domains, var.email, var.oidc_identity_provider,
    var.webhooks, var.rangers, var.reserved_concurrency, var.edge, var.largest_scan,
  ]
}

run "refuses_what_is_not_there" {
  command = plan
  variables {
    repository_root   = "../testing/undeployed_repository" # a function that no block deploys
    allowed_origins   = ["https://dragons.example/"]       # no origin has a path
    sign_in           = { callback_urls = ["https://dragons.example/callback"], logout_urls = ["https://dragons.example/a page"] }
    method_throttling = { "POST /dragon" = { rate = 1, burst = 1 } }
    webhooks          = { zoo = { url = "https://sns@zoo.example" } } # a user
    rangers           = ["2065550100"]                                # without a +
    athena            = { result_days = 0.5 }
    text_messages     = "any"
    edge              = { certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/0123" } # of no alias
    oidc_identity_provider = {
      name = "Partner", issuer = "https://id.example", client_id = "dragons", client_secret = ""
    }
  }
  expect_failures = [
    var.repository_root, var.allowed_origins, var.sign_in, var.method_throttling, var.oidc_identity_provider,
    var.webhooks, var.rangers, var.edge, var.athena,
  ]
}

run "refuses_an_origin_that_no_browser_sends" {
  command = plan
  variables {
    allowed_origins = ["https://dragons.example:443"]
    webhooks        = { own = { url = null }, zoo = { url = null } } # the same endpoint
    rangers         = ["+12065550100", "+12065550100"]
    text_messages   = "any"
    edge            = { web_acl_arn = "arn:aws:wafv2:us-east-1:111122223333:regional/webacl/dragons/0123" } # an API's
  }
  expect_failures = [var.allowed_origins, var.webhooks, var.rangers, var.edge]
}

run "takes_an_allowed_domain_less_one_below_it_and_a_sender_with_a_name" {
  command = plan
  variables {
    email_domains = { allowed = ["example.org"], refused = ["lair.example.org", "ample.org"] }
    email         = { identity_arn = "arn:aws:ses:us-east-1:111122223333:identity/dragons.example", from = "Dragons <no-reply@dragons.example>" }
  }
}

run "refuses_a_level_of_no_log_and_countries_said_twice" {
  command = plan
  variables {
    workflow_logging = { standard = "DEBUG" }
    athena           = { bytes_per_query = 10000000 }                         # less than Athena takes
    edge             = { countries = { allowed = ["NO"], refused = ["AQ"] } } # the first says it all
  }
  expect_failures = [var.workflow_logging, var.edge, var.athena]
}
