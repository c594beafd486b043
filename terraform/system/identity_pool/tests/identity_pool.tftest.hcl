mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  context   = { prefix = "dragons-test" }
  user_pool = { endpoint = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked", client_id = "site" }
  routes = {
    unauthenticated = ["arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/guest/dragons"]
    authenticated   = ["arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/guest/dragons"]
  }
}

run "the_pool_takes_guests_and_the_sites_users" {
  assert {
    condition     = aws_cognito_identity_pool.dragons.allow_unauthenticated_identities && !aws_cognito_identity_pool.dragons.allow_classic_flow
    error_message = "guests must be let in, by the enhanced flow alone"
  }

  assert {
    condition = one(aws_cognito_identity_pool.dragons.cognito_identity_providers) == {
      provider_name           = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked"
      client_id               = "site"
      server_side_token_check = true
    }
    error_message = "the site's users, and nobody else, must be able to sign in, as long as the user pool knows them"
  }

  assert {
    condition     = aws_cognito_identity_pool_roles_attachment.dragons.roles == tomap({ for kind, role in aws_iam_role.identity : kind => role.arn }) && toset(keys(aws_iam_role.identity)) == toset(["authenticated", "unauthenticated"])
    error_message = "each kind of identity must have its role"
  }
}

run "each_role_trusts_its_own_kind_of_this_pool_alone" {
  assert {
    condition = alltrue([
      for kind, role in aws_iam_role.identity : jsondecode(role.assume_role_policy).Statement == [{
        Sid       = "IdentitiesOfThePool"
        Effect    = "Allow"
        Principal = { Federated = "cognito-identity.amazonaws.com" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals             = { "cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.dragons.id }
          "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = kind }
        }
      }]
    ])
    error_message = "the trust must name the pool and the kind of identity"
  }
}

run "each_role_may_invoke_its_routes_and_nothing_else" {
  variables {
    routes = merge(var.routes, { authenticated = ["arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/other"] })
  }

  assert {
    condition = alltrue([
      for kind, routes in var.routes :
      jsondecode(aws_iam_role_policy.identity[kind].policy).Statement == [
        { Sid = "InvokeRoutes", Effect = "Allow", Action = "execute-api:Invoke", Resource = [for route in routes : route] }
      ]
    ])
    error_message = "a role must be able to invoke its own routes"
  }
}

run "refuses_an_endpoint_with_a_scheme" {
  command = plan
  variables {
    user_pool = { endpoint = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked", client_id = "site" }
  }
  expect_failures = [var.user_pool]
}

run "refuses_no_route" {
  command = plan
  variables {
    routes = merge(var.routes, { unauthenticated = [] })
  }
  expect_failures = [var.routes]
}

run "refuses_every_route" {
  command = plan
  variables {
    routes = merge(var.routes, { authenticated = ["arn:aws:execute-api:us-east-1:000000000000:mocked/*"] })
  }
  expect_failures = [var.routes]
}

run "refuses_a_wildcard_in_the_path" {
  command = plan
  variables {
    routes = merge(var.routes, { unauthenticated = ["arn:aws:execute-api:us-east-1:000000000000:mocked/*/GET/*"] })
  }
  expect_failures = [var.routes]
}
