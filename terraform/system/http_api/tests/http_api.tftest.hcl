mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  route_throttling = {}
  context          = { prefix = "dragons-test", region = "us-east-1", log_retention_days = 7 }
  read_scope       = "dragons/read"
  allowed_origins  = ["https://dragons.example"]
  throttling       = { rate = 100, burst = 200 }
  jwt_authorizer   = { issuer = "https://id.example", audience = ["site", "machine"] }
  list_dragons = {
    function_name = "dragons-test-list_dragons"
    alias_name    = "live"
    alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
  }
}

run "the_list_wants_a_token_with_its_scope" {
  assert {
    condition     = aws_apigatewayv2_route.list_dragons.authorization_type == "JWT" && aws_apigatewayv2_route.list_dragons.authorization_scopes == toset(["dragons/read"])
    error_message = "the list must want a token with the scope"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].issuer == "https://id.example" && aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].audience == toset(["site", "machine"])
    error_message = "the authorizer must take the issuer's tokens for the audience"
  }

  assert {
    condition     = aws_apigatewayv2_integration.list_dragons.payload_format_version == "2.0" && endswith(aws_apigatewayv2_integration.list_dragons.integration_uri, ":live")
    error_message = "the live alias must get payload 2.0"
  }

  assert {
    condition     = aws_lambda_permission.list_dragons.source_arn == "arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/dragons" && aws_lambda_permission.list_dragons.qualifier == "live"
    error_message = "this route of this API, and nothing else, may call the function"
  }
}

run "guests_have_a_route_of_their_own" {
  assert {
    condition     = aws_apigatewayv2_route.guest_dragons.authorization_type == "AWS_IAM" && aws_apigatewayv2_route.guest_dragons.target == aws_apigatewayv2_route.list_dragons.target
    error_message = "the same list must be had by signature"
  }

  assert {
    condition     = aws_lambda_permission.guest_dragons.source_arn == output.guest_route_arn && output.guest_route_arn == "arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/guest/dragons"
    error_message = "the route must be able to call the function, and policies to name it"
  }

  assert {
    condition     = length(setsubtract(["authorization", "x-amz-date", "x-amz-security-token"], aws_apigatewayv2_api.dragons.cors_configuration[0].allow_headers)) == 0
    error_message = "a page that signs must be able to send its signature"
  }
}

run "without_an_upstream_there_is_no_way_to_it" {
  assert {
    condition     = length(aws_apigatewayv2_route.partners) == 0 && length(aws_apigatewayv2_integration.partners) == 0
    error_message = "no upstream, no route"
  }

  assert {
    condition     = output.invoke_url == "https://mocked.execute-api.us-east-1.amazonaws.com"
    error_message = "without a format the URL must be AWS's"
  }
}

run "an_upstream_has_its_route" {
  variables {
    partners_upstream_url = "https://partners.example/api"
    route_throttling      = { "ANY /partners/{proxy+}" = { rate = 5, burst = 10 } }
    invoke_url_format     = "http://127.0.0.1:4566/_aws/execute-api/%s"
  }

  assert {
    condition     = aws_apigatewayv2_integration.partners[0].integration_uri == "https://partners.example/api/{proxy}" && aws_apigatewayv2_route.partners[0].authorization_type == "JWT" && aws_apigatewayv2_route.partners[0].authorization_scopes == toset(["dragons/read"])
    error_message = "the upstream must be reached, by who has the scope"
  }

  assert {
    condition     = aws_apigatewayv2_integration.partners[0].request_parameters["overwrite:header.x-partner-client"] == "$context.authorizer.claims.client_id"
    error_message = "the upstream must be told whom the token was given to"
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.default.route_settings).throttling_rate_limit == 5 && aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 100
    error_message = "a route's own rate must hold beside the API's"
  }

  assert {
    condition     = output.invoke_url == "http://127.0.0.1:4566/_aws/execute-api/mocked"
    error_message = "the URL must follow its format"
  }
}

run "every_value_of_the_access_log_is_quoted" {
  assert {
    condition     = alltrue([for value in values(jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format)) : startswith(value, "$context.")])
    error_message = "the access log must be JSON of context variables"
  }
}

run "refuses_a_route_that_is_none" {
  command = plan
  variables {
    route_throttling = { dragons = { rate = 1, burst = 1 } }
  }
  expect_failures = [var.route_throttling]
}

run "refuses_limits_of_a_route_that_is_not_there_without_an_upstream" {
  command = plan
  variables {
    partners_upstream_url = null
    route_throttling      = { "ANY /partners/{proxy+}" = { rate = 1, burst = 1 } }
  }
  expect_failures = [var.route_throttling]
}
