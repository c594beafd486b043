# The site: its users' browsers hold no secret, so a code is worth something only with its verifier (PKCE).
resource "aws_cognito_user_pool_client" "site" {
  name         = "${var.context.prefix}-site"
  user_pool_id = aws_cognito_user_pool.dragons.id

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes = concat(
    ["openid", "email", "phone", "profile"],
    [for scope in keys(local.scopes) : "${aws_cognito_resource_server.dragons.identifier}/${scope}"],
  )
  callback_urls                = var.callback_urls
  default_redirect_uri         = var.callback_urls[0]
  logout_urls                  = var.logout_urls
  supported_identity_providers = concat(["COGNITO"], aws_cognito_identity_provider.oidc[*].provider_name)

  explicit_auth_flows = concat(
    ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    var.password_sign_in ? ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"] : [],
  )
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true

  access_token_validity  = 60
  id_token_validity      = 60
  refresh_token_validity = 30

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

# Partners' machines, for themselves: no user signs in.
resource "aws_cognito_user_pool_client" "machine" {
  name            = "${var.context.prefix}-machine"
  user_pool_id    = aws_cognito_user_pool.dragons.id
  generate_secret = true

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = ["${aws_cognito_resource_server.dragons.identifier}/read"]
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH"] # otherwise Cognito allows its defaults
  enable_token_revocation              = true

  access_token_validity = 60

  token_validity_units {
    access_token = "minutes"
  }
}
