mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  route_throttling = {}
  detailed_metrics = false
  context          = { prefix = "dragons-test", region = "us-east-1", log_retention_days = 7 }
  read_scope       = "dragons/read"
  allowed_origins  = ["https://dragons.example"]
  throttling       = { rate = 100, burst = 200 }
  jwt_authorizer   = { issuer = "https://id.example", audience = ["site", "machine"] }
  routes = {
    "GET /dragons" = {
      function = {
        function_name = "dragons-test-list_dragons"
        alias_name    = "live"
        alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
      }
    }
    "GET /guest/dragons" = {
      function = {
        function_name = "dragons-test-list_dragons"
        alias_name    = "live"
        alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
      }
      authorization = "AWS_IAM"
    }
  }
}

run "a_route_wants_a_token_with_the_scope_to_read" {
  assert {
    condition     = output.routes["GET /dragons"].authorization == "JWT" && output.routes["GET /dragons"].scopes == toset(["dragons/read"])
    error_message = "the list must want a token with the scope"
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].issuer == "https://id.example" && aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].audience == toset(["site", "machine"])
    error_message = "the authorizer must take the issuer's tokens for the audience"
  }

  assert {
    condition     = output.urls["GET /guest/dragons"] == "${output.invoke_url}/guest/dragons"
    error_message = "each route must tell its URL"
  }

  assert {
    condition     = output.routes["GET /dragons"].arn == "arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/dragons"
    error_message = "policies must be able to name the route"
  }
}

run "a_route_can_be_signed_for_instead" {
  assert {
    condition     = output.routes["GET /guest/dragons"].authorization == "AWS_IAM" && output.routes["GET /guest/dragons"].scopes == null
    error_message = "the same list must be had by signature"
  }

  assert {
    condition     = keys(module.route) == ["list_dragons"]
    error_message = "a function's routes must share its integration"
  }

  assert {
    condition     = output.routes["GET /guest/dragons"].arn == "arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/guest/dragons"
    error_message = "policies must be able to name the route"
  }

  assert {
    condition     = length(setsubtract(["authorization", "x-amz-date", "x-amz-security-token"], aws_apigatewayv2_api.dragons.cors_configuration[0].allow_headers)) == 0
    error_message = "a page that signs must be able to send its signature"
  }
}

run "routes_of_other_functions_methods_and_scopes" {
  variables {
    routes = merge(var.routes, {
      "POST /hello" = {
        function = {
          function_name = "dragons-test-hello"
          alias_name    = "live"
          alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-hello:live"
        }
        scopes = ["dragons/report"]
      }
    })
  }

  assert {
    condition     = keys(module.route) == ["hello", "list_dragons"] && output.routes["POST /hello"].scopes == toset(["dragons/report"])
    error_message = "another function must have an integration of its own, its route the scopes that it says"
  }

  assert {
    condition = (
      aws_apigatewayv2_api.dragons.cors_configuration[0].allow_methods == toset(["GET", "POST"])
      && contains(aws_apigatewayv2_api.dragons.cors_configuration[0].expose_headers, "x-total-count")
    )
    error_message = "a page must be able to use the routes' methods"
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

run "metrics_of_each_route_are_had_when_told" {
  variables {
    route_throttling = { "GET /dragons" = { rate = 5, burst = 10 } }
    detailed_metrics = true
  }

  assert {
    condition     = one(aws_apigatewayv2_stage.default.route_settings).detailed_metrics_enabled && aws_apigatewayv2_stage.default.default_route_settings[0].detailed_metrics_enabled
    error_message = "every route must have its metrics"
  }
}

run "every_value_of_the_access_log_is_quoted" {
  assert {
    condition     = aws_cloudwatch_log_group.access.name == "/aws/vendedlogs/apigateway/dragons-test-http" && aws_cloudwatch_log_group.access.retention_in_days == 7
    error_message = "the access log must be where CloudWatch needs no policy for it, and end"
  }

  assert {
    condition     = !aws_apigatewayv2_stage.default.default_route_settings[0].detailed_metrics_enabled
    error_message = "metrics of each route cost, and nobody reads them unless told"
  }

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
