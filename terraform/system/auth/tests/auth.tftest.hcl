mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  password_sign_in = false
  context          = { prefix = "dragons-test", parameter_path = "/dragons/test", region = "us-east-1", protect_data = true }
  domain_prefix    = "dragons-test"
  callback_urls    = ["https://dragons.example/callback"]
  logout_urls      = ["https://dragons.example/"]
  triggers = {
    for name in ["pre_sign_up", "post_confirmation", "pre_token_generation"] : name => {
      function_name = "dragons-test-${name}"
      alias_name    = "live"
      alias_arn     = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-${name}:live"
      role_name     = "dragons-test-${name}"
    }
  }
}

run "the_pool_asks_its_triggers_by_their_aliases" {
  assert {
    condition     = endswith(aws_cognito_user_pool.dragons.lambda_config[0].pre_sign_up, "pre_sign_up:live") && endswith(aws_cognito_user_pool.dragons.lambda_config[0].post_confirmation, "post_confirmation:live")
    error_message = "each trigger must be its own function's live alias"
  }

  assert {
    condition     = aws_cognito_user_pool.dragons.lambda_config[0].pre_token_generation_config[0].lambda_version == "V2_0" && aws_cognito_user_pool.dragons.user_pool_tier == "ESSENTIALS"
    error_message = "without version 2 and its plan the trigger cannot change access tokens"
  }

  assert {
    condition = length(aws_lambda_permission.trigger) == 3 && alltrue([
      for permission in aws_lambda_permission.trigger :
      permission.source_arn == aws_cognito_user_pool.dragons.arn && permission.qualifier == "live" && permission.principal == "cognito-idp.amazonaws.com"
    ])
    error_message = "this pool, and nobody else's, may call the triggers"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.enrol.policy).Statement[0].Resource == aws_cognito_user_pool.dragons.arn && jsondecode(aws_iam_role_policy.enrol.policy).Statement[0].Action == "cognito-idp:AdminAddUserToGroup"
    error_message = "post_confirmation may put users of this pool into groups, and do nothing else in it"
  }
}

run "people_are_kept_safe" {
  assert {
    condition     = aws_cognito_user_pool.dragons.deletion_protection == "ACTIVE" && aws_cognito_user_pool.dragons.password_policy[0].minimum_length >= 12
    error_message = "the pool must be protected, its passwords long"
  }

  assert {
    condition     = length(aws_cognito_user_pool.dragons.email_configuration) == 0
    error_message = "unless told, Cognito sends the mails itself"
  }

  assert {
    condition     = !contains(aws_cognito_user_pool_client.site.explicit_auth_flows, "ALLOW_USER_PASSWORD_AUTH") && aws_cognito_user_pool_client.site.prevent_user_existence_errors == "ENABLED"
    error_message = "unless told, nobody sends a plain password, and nobody learns who has an account"
  }

  assert {
    condition     = aws_cognito_user_pool_client.site.allowed_oauth_flows == toset(["code"]) && aws_cognito_user_pool_client.site.generate_secret == null
    error_message = "a browser's client has codes and no secret"
  }

  assert {
    condition     = aws_cognito_user_pool_client.machine.allowed_oauth_scopes == toset(["dragons/read"]) && aws_cognito_user_pool_client.machine.generate_secret
    error_message = "machines read, with a secret"
  }
}

run "addresses_are_awss_own" {
  assert {
    condition     = output.issuer == "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked" && output.hosted_ui_url == "https://dragons-test.auth.us-east-1.amazoncognito.com"
    error_message = "without formats the URLs must be AWS's"
  }

  assert {
    condition     = output.user_pool_endpoint == "cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked"
    error_message = "an identity pool must know the user pool by its endpoint"
  }

  assert {
    condition     = aws_cognito_user_pool_client.site.supported_identity_providers == toset(["COGNITO"]) && length(aws_cognito_identity_provider.oidc) == 0
    error_message = "without an identity provider people sign in with the pool's own accounts"
  }
}

run "a_third_party_and_another_address" {
  variables {
    password_sign_in     = true
    context              = merge(var.context, { protect_data = false })
    issuer_url_format    = "http://127.0.0.1:4566/%s"
    hosted_ui_url_format = "http://127.0.0.1:4566/_aws/cognito-idp/%s"
    oidc_identity_provider = {
      name = "Partner", issuer = "https://id.example", client_id = "dragons", client_secret = "not-a-secret", scopes = ["openid", "email"]
    }
  }

  assert {
    condition     = output.issuer == "http://127.0.0.1:4566/us-east-1_Mocked" && output.hosted_ui_url == "http://127.0.0.1:4566/_aws/cognito-idp/dragons-test"
    error_message = "the URLs must follow their formats"
  }

  assert {
    condition     = aws_cognito_user_pool_client.site.supported_identity_providers == toset(["COGNITO", "Partner"]) && aws_cognito_identity_provider.oidc[0].provider_details.oidc_issuer == "https://id.example"
    error_message = "the provider's people must be able to sign in"
  }

  assert {
    condition     = aws_cognito_identity_provider.oidc[0].provider_details.client_secret == "not-a-secret" && length(data.aws_ssm_parameter.oidc_client_secret) == 0
    error_message = "a secret that is given must be the client's"
  }

  assert {
    condition     = aws_cognito_identity_provider.oidc[0].provider_details.attributes_url_add_attributes == "false" && terraform_data.oidc_issuer[0].output == "https://id.example"
    error_message = "what Cognito adds by itself must be there before, and another issuer make another provider"
  }

  assert {
    condition     = contains(aws_cognito_user_pool_client.site.explicit_auth_flows, "ALLOW_USER_PASSWORD_AUTH") && aws_cognito_user_pool.dragons.deletion_protection == "INACTIVE"
    error_message = "where told, tools sign in by password and the pool goes with its environment"
  }
}

run "mails_go_through_ses_when_told" {
  variables {
    email = {
      identity_arn = "arn:aws:ses:us-east-1:000000000000:identity/dragons.example"
      from         = "Dragons <no-reply@dragons.example>"
    }
  }

  assert {
    condition = (
      aws_cognito_user_pool.dragons.email_configuration[0].email_sending_account == "DEVELOPER"
      && aws_cognito_user_pool.dragons.email_configuration[0].source_arn == var.email.identity_arn
      && aws_cognito_user_pool.dragons.email_configuration[0].from_email_address == var.email.from
    )
    error_message = "the identity must send, under its sender's name"
  }
}

run "refuses_a_domain_that_aws_refuses" {
  command = plan
  variables {
    domain_prefix = "my-cognito"
  }
  expect_failures = [var.domain_prefix]
}

run "refuses_a_missing_trigger" {
  command = plan
  variables {
    triggers = {}
  }
  expect_failures = [var.triggers]
}

run "a_third_party_whose_secret_is_a_parameter" {
  override_data {
    target = data.aws_ssm_parameter.oidc_client_secret
    values = { value = "from-the-parameter" }
  }
  variables {
    oidc_identity_provider = {
      name = "Partner", issuer = "https://id.example", client_id = "dragons", scopes = ["openid", "email"]
    }
  }

  assert {
    condition     = data.aws_ssm_parameter.oidc_client_secret[0].name == "/dragons/test/oidc_client_secret"
    error_message = "the parameter must be the environment's own"
  }

  assert {
    condition     = aws_cognito_identity_provider.oidc[0].provider_details.client_secret == "from-the-parameter"
    error_message = "the client's secret must be the parameter's"
  }
}
