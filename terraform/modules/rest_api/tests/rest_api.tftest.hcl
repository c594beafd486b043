mock_provider "aws" {
  override_during = plan

  mock_resource "aws_api_gateway_rest_api" {
    defaults = {
      id            = "abc123"
      execution_arn = "arn:aws:execute-api:us-east-1:000000000000:abc123"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::000000000000:role/dragons-test-rest_api" }
  }
}

variables {
  prefix            = "dragons-test"
  region            = "us-east-1"
  invoke_url_format = "https://%s.execute-api.us-east-1.amazonaws.com/%s"
  state_machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon"
  list_dragons = {
    function_name    = "dragons-test-list_dragons"
    alias_name       = "live"
    alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
    alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live/invocations"
  }
  schemas_path    = "../../../shared/dragons/schemas"
  allowed_origins = ["https://dragons.example.com"]
  release         = "1.0.0"
}

run "the_deployment_follows_the_document" {
  command = plan

  assert {
    condition     = aws_api_gateway_deployment.dragons.triggers.openapi == sha1(aws_api_gateway_rest_api.dragons.body)
    error_message = "What is imported is what is hashed."
  }
}

run "the_models_are_the_schemas" {
  command = plan

  assert {
    condition = alltrue([
      for name in ["dragon", "report"] :
      jsondecode(aws_api_gateway_rest_api.dragons.body).components.schemas[title(name)] == {
        for key, value in jsondecode(file("${var.schemas_path}/${name}.json")) : key => value if key != "$schema"
      }
    ])
    error_message = "Dragon and Report are shared/dragons/schemas, less the draft."
  }
}

run "every_template_is_filled_in" {
  command = plan

  assert {
    condition     = !strcontains(aws_api_gateway_rest_api.dragons.body, "$${")
    error_message = "A placeholder was left in the document."
  }

  assert {
    condition = strcontains(
      jsondecode(aws_api_gateway_rest_api.dragons.body).paths["/dragons/reports/{reportId}"].get.x-amazon-apigateway-integration.requestTemplates["application/json"],
      "arn:aws:states:us-east-1:000000000000:execution:dragons-test-report_dragon:"
    )
    error_message = "A report is read by its execution's ARN."
  }
}

run "the_stage_knows_its_url_and_is_traced" {
  command = plan

  assert {
    condition     = aws_api_gateway_stage.dragons.variables.baseUrl == "https://abc123.execute-api.us-east-1.amazonaws.com/v1"
    error_message = "statusUrl starts with what the stage variable holds."
  }

  assert {
    condition     = output.invoke_url == aws_api_gateway_stage.dragons.variables.baseUrl
    error_message = "The output and the stage variable are one URL."
  }

  assert {
    condition     = aws_api_gateway_stage.dragons.xray_tracing_enabled
    error_message = "The stage is traced."
  }
}

run "the_function_may_be_invoked_by_its_route_alone" {
  command = plan

  assert {
    condition     = aws_lambda_permission.list_dragons.qualifier == "live"
    error_message = "The permission is the alias'."
  }

  assert {
    condition     = aws_lambda_permission.list_dragons.source_arn == "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/GET/dragons"
    error_message = "The permission names stage, method and route."
  }
}

run "the_role_reaches_one_machine" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.rest_api.policy).Statement : "${statement.Action} ${statement.Resource}"] == [
      "states:StartExecution arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon",
      "states:DescribeExecution arn:aws:states:us-east-1:000000000000:execution:dragons-test-report_dragon:*",
    ]
    error_message = "The API starts and reads report_dragon, nothing else."
  }
}

run "one_origin_is_named_in_errors" {
  command = plan

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.dragons.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'https://dragons.example.com'"
    error_message = "One origin: errors name it."
  }
}

run "several_origins_share_the_errors" {
  command = plan

  variables {
    allowed_origins = ["https://dragons.example.com", "http://localhost:3000"]
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.dragons.body).x-amazon-apigateway-gateway-responses.DEFAULT_4XX.responseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"
    error_message = "Several origins: errors are open to any."
  }
}

run "a_prefix_in_capitals_is_refused" {
  command         = plan
  expect_failures = [var.prefix]

  variables {
    prefix = "Dragons"
  }
}

run "a_region_that_is_none_is_refused" {
  command         = plan
  expect_failures = [var.region]

  variables {
    region = "Virginia"
  }
}

run "a_stage_name_with_a_slash_is_refused" {
  command         = plan
  expect_failures = [var.stage_name]

  variables {
    stage_name = "v1/beta"
  }
}

run "a_url_format_without_the_stage_is_refused" {
  command         = plan
  expect_failures = [var.invoke_url_format]

  variables {
    invoke_url_format = "https://%s.execute-api.us-east-1.amazonaws.com"
  }
}

run "a_version_of_the_machine_is_refused" {
  command         = plan
  expect_failures = [var.state_machine_arn]

  variables {
    state_machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:1"
  }
}

run "an_unqualified_function_is_refused" {
  command         = plan
  expect_failures = [var.list_dragons]

  variables {
    list_dragons = {
      function_name    = "dragons-test-list_dragons"
      alias_name       = "live"
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons/invocations"
    }
  }
}

run "another_functions_invoke_arn_is_refused" {
  command         = plan
  expect_failures = [var.list_dragons]

  variables {
    list_dragons = {
      function_name    = "dragons-test-list_dragons"
      alias_name       = "live"
      alias_arn        = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
      alias_invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:other:live/invocations"
    }
  }
}

run "a_folder_without_schemas_is_refused" {
  command         = plan
  expect_failures = [var.schemas_path]

  variables {
    schemas_path = "."
  }
}

run "no_origin_is_refused" {
  command         = plan
  expect_failures = [var.allowed_origins]

  variables {
    allowed_origins = []
  }
}

run "a_wildcard_origin_is_refused" {
  command         = plan
  expect_failures = [var.allowed_origins]

  variables {
    allowed_origins = ["*"]
  }
}

run "a_release_with_a_quote_is_refused" {
  command         = plan
  expect_failures = [var.release]

  variables {
    release = "1.0\""
  }
}
