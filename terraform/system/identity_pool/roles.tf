# https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
resource "aws_iam_role" "identity" {
  for_each = var.routes

  name        = "${var.context.prefix}-${each.key}"
  description = "What ${each.key} identities of ${var.context.prefix} may do."

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "IdentitiesOfThePool"
      Effect    = "Allow"
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals             = { "cognito-identity.amazonaws.com:aud" = aws_cognito_identity_pool.dragons.id }
        "ForAnyValue:StringLike" = { "cognito-identity.amazonaws.com:amr" = each.key }
      }
    }]
  })
}

resource "aws_iam_role_policy" "identity" {
  for_each = var.routes

  name = "invoke"
  role = aws_iam_role.identity[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "InvokeRoutes"
      Effect   = "Allow"
      Action   = "execute-api:Invoke"
      Resource = each.value
    }]
  })
}
