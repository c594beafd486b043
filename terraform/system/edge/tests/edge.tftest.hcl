mock_provider "aws" {
  source = "../../testing/mocks"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "../../testing/mocks"
}

run "stands_in_front_of_the_site_and_both_apis" {
  assert {
    condition     = output.site_url == "https://mocked.cloudfront.net"
    error_message = "without a domain of its own, the site must be at the distribution's"
  }

  assert {
    condition     = output.site == { bucket = "dragons-test-000000000000-site", distribution_id = "EMOCKED", parameter_path = "/dragons/test/site" }
    error_message = "a release must be told where it goes"
  }

  assert {
    condition = {
      for origin in aws_cloudfront_distribution.site.origin : origin.origin_id => {
        at      = join("", compact([origin.domain_name, origin.origin_path]))
        headers = { for header in origin.custom_header : header.name => header.value }
      }
      } == {
      site = {
        at      = "mocked.s3.us-east-1.amazonaws.com"
        headers = { x-connect = "https://dragons-test.auth.us-east-1.amazoncognito.com", x-folder-live = "none", x-folder-next = "none" }
      }
      rest_api = { at = "abc123.execute-api.us-east-1.amazonaws.com/v1", headers = { x-prefix = "/api" } }
      http_api = { at = "def456.execute-api.us-east-1.amazonaws.com", headers = { x-prefix = "/http" } }
    }
    error_message = "each origin must have its address, its path and what functions are told"
  }

  assert {
    condition = alltrue([
      for origin in aws_cloudfront_distribution.site.origin :
      one(origin.custom_origin_config).origin_protocol_policy == "https-only" && one(origin.custom_origin_config).https_port == 443
      && one(origin.custom_origin_config).origin_ssl_protocols == toset(["TLSv1.2"])
      if origin.origin_id != "site"
    ])
    error_message = "the APIs must be asked by TLS 1.2"
  }

  assert {
    condition = {
      for behaviour in concat(aws_cloudfront_distribution.site.default_cache_behavior, aws_cloudfront_distribution.site.ordered_cache_behavior) :
      try(behaviour.path_pattern, "pages") => join(" ", [
        behaviour.target_origin_id, behaviour.viewer_protocol_policy, join(",", sort([for each in behaviour.lambda_function_association : each.event_type])),
      ])
      } == {
      "pages"     = "site redirect-to-https origin-request,origin-response,viewer-request,viewer-response"
      "/assets/*" = "site redirect-to-https origin-response"
      "/api/*"    = "rest_api https-only origin-request,origin-response,viewer-request"
      "/http/*"   = "http_api https-only origin-request,origin-response,viewer-request"
    }
    error_message = "each path must have its origin, and the functions that it needs"
  }

  assert {
    condition = {
      for each in aws_cloudfront_distribution.site.default_cache_behavior[0].lambda_function_association : each.event_type => each.lambda_arn
    } == { for event, function in var.functions : event => function.qualified_arn }
    error_message = "each event must call its function by its version"
  }

  assert {
    condition = alltrue([
      for behaviour in aws_cloudfront_distribution.site.ordered_cache_behavior :
      behaviour.cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" && behaviour.origin_request_policy_id == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
      && length(behaviour.allowed_methods) == 7
      if behaviour.path_pattern != "/assets/*"
    ])
    error_message = "an API's answers must not be kept, and it must get the token, the query and every method"
  }

  assert {
    condition = (
      aws_cloudfront_distribution.site.http_version == "http2and3" && aws_cloudfront_distribution.site.is_ipv6_enabled
      && alltrue([for behaviour in concat(aws_cloudfront_distribution.site.default_cache_behavior, aws_cloudfront_distribution.site.ordered_cache_behavior) : behaviour.compress])
    )
    error_message = "what browsers can do must be used"
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.site.restrictions).geo_restriction).restriction_type == "none"
    error_message = "unless told, every country must be served"
  }

  assert {
    condition     = one(aws_cloudfront_distribution.site.viewer_certificate).cloudfront_default_certificate && length(aws_cloudfront_distribution.site.aliases) == 0
    error_message = "without a domain of its own, the certificate must be CloudFront's"
  }
}

run "caches_pages_by_release_and_no_error" {
  assert {
    condition = (
      one(one(one(aws_cloudfront_cache_policy.pages.parameters_in_cache_key_and_forwarded_to_origin).headers_config).headers).items == toset(["x-release"])
      && one(one(aws_cloudfront_cache_policy.pages.parameters_in_cache_key_and_forwarded_to_origin).query_strings_config).query_string_behavior == "none"
      && one(one(aws_cloudfront_cache_policy.pages.parameters_in_cache_key_and_forwarded_to_origin).cookies_config).cookie_behavior == "none"
    )
    error_message = "pages must differ by release alone"
  }

  assert {
    condition     = aws_cloudfront_cache_policy.pages.max_ttl == 300 && aws_cloudfront_cache_policy.pages.min_ttl == 0
    error_message = "pages must be kept for a short while"
  }

  assert {
    condition     = alltrue([for each in aws_cloudfront_distribution.site.custom_error_response : each.error_caching_min_ttl == 0]) && length(aws_cloudfront_distribution.site.custom_error_response) == 11
    error_message = "no error must be kept: CloudFront would, for ten seconds"
  }

  assert {
    condition = {
      for each in aws_cloudfront_distribution.site.custom_error_response : each.error_code => "${each.response_code} ${each.response_page_path}" if each.response_page_path != null
    } == { for code in [502, 503, 504] : code => "${code} /errors/no_answer.html" }
    error_message = "the APIs' own errors must come through, and a failure of the edge have its page and its status"
  }
}

run "says_of_errors_what_the_function_says_of_pages" {
  assert {
    condition = (
      strcontains(local.content_security_policy, "connect-src 'self' https://dragons-test.auth.us-east-1.amazoncognito.com;")
      && !strcontains(local.content_security_policy, "unsafe")
      && one(one(aws_cloudfront_response_headers_policy.site.security_headers_config).content_security_policy).content_security_policy == local.content_security_policy
    )
    error_message = "the page must reach the hosted UI, and no other host"
  }

  assert {
    condition = (
      one(one(aws_cloudfront_response_headers_policy.site.security_headers_config).strict_transport_security).access_control_max_age_sec == 31536000
      && one(one(aws_cloudfront_response_headers_policy.site.security_headers_config).frame_options).frame_option == "DENY"
    )
    error_message = "the site must be asked by https, and be in no other's frame"
  }
}

run "logs_who_asked_for_what_but_no_code_and_no_cookie" {
  assert {
    condition     = aws_cloudwatch_log_group.access[0].retention_in_days == 30 && aws_cloudwatch_log_group.access[0].name == "/aws/vendedlogs/cloudfront/dragons-test-site"
    error_message = "the log must go when it is told to"
  }

  assert {
    condition     = length(setintersection(aws_cloudwatch_log_delivery.access[0].record_fields, ["cs-uri-query", "cs(Cookie)", "cs(Referer)"])) == 0
    error_message = "what signs people in must not be in the log"
  }
}

run "is_what_an_environment_wants" {
  variables {
    edge = {
      aliases             = ["dragons.example"]
      certificate_arn     = "arn:aws:acm:us-east-1:000000000000:certificate/mocked"
      web_acl_arn         = "arn:aws:wafv2:us-east-1:000000000000:global/webacl/dragons/mocked"
      price_class         = "PriceClass_All"
      countries           = { allowed = [], refused = ["AQ"] }
      access_logs         = false
      wait_for_deployment = false
    }
  }
  override_data {
    target = data.aws_ssm_parameters_by_path.site
    values = { names = ["/dragons/test/site/live", "/dragons/test/site/next"], values = ["0123456789ab", "ba9876543210"] }
  }

  assert {
    condition     = output.site_url == "https://dragons.example"
    error_message = "the site must be at its own domain"
  }

  assert {
    condition = (
      one(aws_cloudfront_distribution.site.viewer_certificate).acm_certificate_arn == var.edge.certificate_arn
      && one(aws_cloudfront_distribution.site.viewer_certificate).minimum_protocol_version == "TLSv1.2_2021"
    )
    error_message = "its own domain must take TLS 1.2 and newer"
  }

  assert {
    condition = (
      aws_cloudfront_distribution.site.web_acl_id == var.edge.web_acl_arn && aws_cloudfront_distribution.site.price_class == "PriceClass_All"
      && one(one(aws_cloudfront_distribution.site.restrictions).geo_restriction).restriction_type == "blacklist"
      && one(one(aws_cloudfront_distribution.site.restrictions).geo_restriction).locations == toset(["AQ"])
    )
    error_message = "the web ACL, the edge's extent and the countries must be those told"
  }

  assert {
    condition     = length(aws_cloudwatch_log_delivery.access) == 0 && !aws_cloudfront_distribution.site.wait_for_deployment
    error_message = "there must be no log and no wait that nobody wants"
  }

  assert {
    condition = {
      for header in one([for origin in aws_cloudfront_distribution.site.origin : origin if origin.origin_id == "site"]).custom_header : header.name => header.value
      if header.name != "x-connect"
    } == { x-folder-live = "0123456789ab", x-folder-next = "ba9876543210" }
    error_message = "the releases must be those of the parameters"
  }
}

run "is_found_where_a_format_says" {
  variables {
    site_url_format = "http://%s"
    rest_api_url    = "http://127.0.0.1:4640/_aws/execute-api/abc123/v1"
    http_api_url    = "http://127.0.0.1:4640/_aws/execute-api/def456"
    hosted_ui_url   = "http://127.0.0.1:4640/_aws/cognito-idp/dragons-test"
    edge            = merge(var.edge, { countries = { allowed = ["NO"], refused = [] } })
  }

  assert {
    condition     = output.site_url == "http://mocked.cloudfront.net"
    error_message = "the site must be where the format says"
  }

  assert {
    condition = {
      for origin in aws_cloudfront_distribution.site.origin : origin.origin_id =>
      "${one(origin.custom_origin_config).origin_protocol_policy} ${origin.domain_name}:${one(origin.custom_origin_config).http_port}${origin.origin_path}"
      if origin.origin_id != "site"
      } == {
      rest_api = "http-only 127.0.0.1:4640/_aws/execute-api/abc123/v1"
      http_api = "http-only 127.0.0.1:4640/_aws/execute-api/def456"
    }
    error_message = "the APIs must be asked where they answer"
  }

  assert {
    condition = toset([
      for behaviour in concat(aws_cloudfront_distribution.site.default_cache_behavior, aws_cloudfront_distribution.site.ordered_cache_behavior) : behaviour.viewer_protocol_policy
    ]) == toset(["allow-all"])
    error_message = "where there is no TLS, nothing can be redirected to it"
  }

  assert {
    condition     = local.connect == "http://127.0.0.1:4640"
    error_message = "the page must reach the hosted UI where that answers"
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.site.restrictions).geo_restriction).restriction_type == "whitelist"
    error_message = "the countries allowed must be the only ones"
  }
}

run "refuses_a_release_that_is_none" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.site
    values = { names = ["/dragons/test/site/live"], values = ["latest"] }
  }
  expect_failures = [aws_cloudfront_distribution.site]
}

run "refuses_a_parameter_that_it_does_not_know" {
  command = plan
  override_data {
    target = data.aws_ssm_parameters_by_path.site
    values = { names = ["/dragons/test/site/previous"], values = ["0123456789ab"] }
  }
  expect_failures = [aws_cloudfront_distribution.site]
}

run "refuses_events_that_are_not_cloudfronts" {
  command = plan
  variables {
    functions = { viewer = var.functions.viewer-request }
  }
  expect_failures = [var.functions]
}
