# Credentials of AWS for guests and for who has signed in: an identity pool, and a role for each of the two.
resource "aws_cognito_identity_pool" "dragons" {
  identity_pool_name               = "${var.context.prefix}-identities"
  allow_unauthenticated_identities = true
  allow_classic_flow               = false # there, whoever asks names a role

  cognito_identity_providers {
    provider_name           = var.user_pool.endpoint
    client_id               = var.user_pool.client_id
    server_side_token_check = true
  }
}

resource "aws_cognito_identity_pool_roles_attachment" "dragons" {
  identity_pool_id = aws_cognito_identity_pool.dragons.id
  roles            = { for kind, role in aws_iam_role.identity : kind => role.arn }
}
