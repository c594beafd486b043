# What lets partners in: a usage plan for their keys, and what API Gateway asks the authorizer with.
resource "aws_api_gateway_usage_plan" "partners" {
  name        = "${var.context.prefix}-partners"
  description = "How often each partner may call."

  api_stages {
    api_id = aws_api_gateway_rest_api.dragons.id
    stage  = aws_api_gateway_stage.dragons.stage_name
  }

  throttle_settings {
    rate_limit  = var.partner_throttling.rate
    burst_limit = var.partner_throttling.burst
  }
}

resource "aws_iam_role" "authorizer" {
  name        = "${var.context.prefix}-rest_api_authorizer"
  description = "What the REST API asks its authorizer with."

  assume_role_policy = local.api_gateway_trust
}

resource "aws_iam_role_policy" "authorizer" {
  name = "invoke"
  role = aws_iam_role.authorizer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "AskAuthorizer"
      Effect   = "Allow"
      Action   = "lambda:InvokeFunction"
      Resource = var.functions.authorize_partner.alias_arn
    }]
  })
}
