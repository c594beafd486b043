mock_provider "aws" {
  override_during = plan
  source          = "../../testing/mocks"
}

run "the_authorizer_is_asked_with_a_role_of_its_own" {
  command = plan

  assert {
    condition = jsondecode(aws_api_gateway_rest_api.dragons.body).components.securitySchemes.partner_token.x-amazon-apigateway-authorizer == {
      type                         = "token"
      authorizerUri                = var.functions.authorize_partner.alias_invoke_arn
      authorizerCredentials        = aws_iam_role.authorizer.arn
      authorizerResultTtlInSeconds = 300
      identityValidationExpression = "^Bearer [A-Za-z0-9._~+/-]+=*$"
    }
    error_message = "The authorizer is authorize_partner's live alias; its word holds for five minutes."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.authorizer.policy).Statement : "${statement.Action} ${statement.Resource}"
    ] == ["lambda:InvokeFunction arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner:live"]
    error_message = "The role invokes that alias, nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.authorizer.assume_role_policy).Statement[0].Principal == { Service = "apigateway.amazonaws.com" }
    error_message = "The role trusts API Gateway and nothing else."
  }
}

run "partners_have_a_rate_of_their_own" {
  command = plan

  assert {
    condition = (
      aws_api_gateway_usage_plan.partners.name == "dragons-test-partners"
      && one(aws_api_gateway_usage_plan.partners.api_stages).api_id == "abc123"
      && one(aws_api_gateway_usage_plan.partners.api_stages).stage == "v1"
    )
    error_message = "The plan is for this API's stage."
  }

  assert {
    condition = (
      aws_api_gateway_usage_plan.partners.throttle_settings[0].rate_limit == 10
      && aws_api_gateway_usage_plan.partners.throttle_settings[0].burst_limit == 20
    )
    error_message = "A partner may call ten times a second."
  }
}

run "both_are_set_by_inputs" {
  command = plan
  variables {
    authorizer_ttl_seconds = 0
    partner_throttling     = { rate = 0.5, burst = 1 }
  }

  assert {
    condition     = jsondecode(aws_api_gateway_rest_api.dragons.body).components.securitySchemes.partner_token.x-amazon-apigateway-authorizer.authorizerResultTtlInSeconds == 0
    error_message = "0 lets the authorizer be asked each time."
  }

  assert {
    condition = (
      aws_api_gateway_usage_plan.partners.throttle_settings[0].rate_limit == 0.5
      && aws_api_gateway_usage_plan.partners.throttle_settings[0].burst_limit == 1
    )
    error_message = "The plan's limits are the input's."
  }
}
