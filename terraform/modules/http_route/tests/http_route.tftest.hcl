mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  api      = { name = "app-test-http", id = "abc123", execution_arn = "arn:aws:execute-api:us-east-1:000000000000:abc123" }
  function = { function_name = "app-test-hello", alias_name = "live", alias_arn = "arn:aws:lambda:us-east-1:000000000000:function:app-test-hello:live" }
  routes   = { "GET /hello" = {} }
}

run "a_route_calls_the_alias" {
  assert {
    condition     = aws_apigatewayv2_integration.this.payload_format_version == "2.0" && aws_apigatewayv2_integration.this.integration_uri == var.function.alias_arn
    error_message = "the alias must get payload 2.0"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["GET /hello"].target == "integrations/${aws_apigatewayv2_integration.this.id}" && aws_apigatewayv2_route.this["GET /hello"].authorization_type == "NONE"
    error_message = "unless told, anybody may call the route"
  }

  assert {
    condition = (
      aws_lambda_permission.this["GET /hello"].source_arn == "arn:aws:execute-api:us-east-1:000000000000:abc123/*/GET/hello"
      && aws_lambda_permission.this["GET /hello"].qualifier == "live"
      && aws_lambda_permission.this["GET /hello"].statement_id == "app-test-http-GET-hello"
    )
    error_message = "this route of this API, and nothing else, may call the function"
  }
}

run "several_routes_share_the_integration" {
  variables {
    routes = {
      "GET /hello"         = { authorization = "JWT", authorizer_id = "jwt", scopes = ["app/read"] }
      "GET /guest/hello"   = { authorization = "AWS_IAM" }
      "ANY /hello/{name+}" = {}
    }
  }

  assert {
    condition     = aws_apigatewayv2_route.this["GET /hello"].authorizer_id == "jwt" && aws_apigatewayv2_route.this["GET /hello"].authorization_scopes == toset(["app/read"])
    error_message = "a route must want a token with its scope"
  }

  assert {
    condition     = length(distinct(values(aws_apigatewayv2_route.this)[*].target)) == 1 && aws_apigatewayv2_route.this["GET /guest/hello"].authorization_type == "AWS_IAM"
    error_message = "each route must have its own authorization, and all the one integration"
  }

  assert {
    condition     = output.routes["ANY /hello/{name+}"].arn == "arn:aws:execute-api:us-east-1:000000000000:abc123/*/*/hello/*" && aws_lambda_permission.this["ANY /hello/{name+}"].statement_id == "app-test-http-ANY-hello-name-"
    error_message = "any method and any text for a parameter must be let through, and named as Lambda takes it"
  }
}

run "refuses_a_route_that_is_none" {
  command = plan
  variables {
    routes = { "/hello" = {} }
  }
  expect_failures = [var.routes]
}

run "refuses_no_route" {
  command = plan
  variables {
    routes = {}
  }
  expect_failures = [var.routes]
}

run "refuses_an_authorization_that_it_does_not_know" {
  command = plan
  variables {
    routes = { "GET /hello" = { authorization = "CUSTOM" } }
  }
  expect_failures = [var.routes]
}

run "refuses_scopes_without_a_token" {
  command = plan
  variables {
    routes = { "GET /hello" = { scopes = ["app/read"] } }
  }
  expect_failures = [var.routes]
}

run "refuses_an_unqualified_function_and_a_name_that_lambda_would_not_take" {
  command = plan
  variables {
    api      = { name = "app test", id = "abc123", execution_arn = "arn:aws:execute-api:us-east-1:000000000000:abc123" }
    function = { function_name = "app-test-hello", alias_name = "live", alias_arn = "arn:aws:lambda:us-east-1:000000000000:function:app-test-hello" }
  }
  expect_failures = [var.api, var.function]
}
