# The pool calls its triggers by their aliases; nobody else's pool may.
resource "aws_lambda_permission" "trigger" {
  for_each = var.triggers

  statement_id  = "${var.context.prefix}-users"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  qualifier     = each.value.alias_name
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.dragons.arn
}

# Attached from here: the function is there before the pool whose triggers it is one of.
resource "aws_iam_role_policy" "enrol" {
  name = "enrol"
  role = var.triggers.post_confirmation.role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "PutIntoGroup"
      Effect   = "Allow"
      Action   = "cognito-idp:AdminAddUserToGroup"
      Resource = aws_cognito_user_pool.dragons.arn
    }]
  })
}
