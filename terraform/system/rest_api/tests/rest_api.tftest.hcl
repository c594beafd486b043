mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
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
    condition     = !strcontains(replace(aws_api_gateway_rest_api.dragons.body, "$${stageVariables.alias}", ""), "$${")
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

run "the_stage_says_which_alias_is_invoked" {
  command = plan

  assert {
    condition = alltrue([
      for path in ["/dragons", "/partners/dragons"] :
      jsondecode(aws_api_gateway_rest_api.dragons.body).paths[path].get.x-amazon-apigateway-integration.uri
      == "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:$${stageVariables.alias}/invocations"
    ])
    error_message = "Both routes invoke list_dragons by the alias that the stage names."
  }

  assert {
    condition = {
      for caller in values(aws_lambda_permission.route) : "${caller.qualifier} ${caller.statement_id}" => caller.source_arn
      } == {
      "live dragons-test-rest-GET-dragons"            = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/GET/dragons"
      "live dragons-test-rest-HEAD-dragons"           = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/HEAD/dragons"
      "live dragons-test-rest-GET-partners-dragons"   = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/GET/partners/dragons"
      "canary dragons-test-rest-GET-dragons"          = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/GET/dragons"
      "canary dragons-test-rest-HEAD-dragons"         = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/HEAD/dragons"
      "canary dragons-test-rest-GET-partners-dragons" = "arn:aws:execute-api:us-east-1:000000000000:abc123/v1/GET/partners/dragons"
    }
    error_message = "Each alias may be invoked by the three routes, and by nothing else."
  }
}

run "the_role_reaches_the_machines_of_the_api" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.rest_api.policy).Statement : "${statement.Action} ${statement.Resource}"] == [
      "states:StartExecution arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon",
      "states:DescribeExecution arn:aws:states:us-east-1:000000000000:execution:dragons-test-report_dragon:*",
      "states:StartSyncExecution arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons",
    ]
    error_message = "The API starts and reads report_dragon, and starts summarise_dragons, nothing else."
  }
}

run "machines_are_started_by_their_alias" {
  command = plan

  assert {
    condition = alltrue([
      for name, operation in { report_dragon = ["/dragons", "post"], summarise_dragons = ["/dragons/summary", "get"] } : strcontains(
        jsondecode(aws_api_gateway_rest_api.dragons.body).paths[operation[0]][operation[1]].x-amazon-apigateway-integration.requestTemplates["application/json"],
        "\"stateMachineArn\": \"${var.state_machines[name].arn}:$stageVariables.alias\""
      )
    ])
    error_message = "The API starts the alias that the stage names."
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
