locals {
  api_gateway_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ApiGateway"
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "apigateway.amazonaws.com" }
    }]
  })

  # By whichever alias the stage variable names, on the two routes that list dragons.
  list_dragons_callers = {
    for pair in setproduct(
      [var.list_dragons.alias_name, var.list_dragons.canary_alias_name],
      ["GET/dragons", "GET/partners/dragons"],
    ) : "${pair[0]} ${pair[1]}" => { alias = pair[0], route = pair[1] }
  }
}

resource "aws_iam_role" "rest_api" {
  name        = "${var.context.prefix}-rest_api"
  description = "What the REST API may do with the workflow."

  assume_role_policy = local.api_gateway_trust
}

resource "aws_iam_role_policy" "rest_api" {
  name = "workflow"
  role = aws_iam_role.rest_api.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "StartReport"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = var.state_machine_arn
      },
      {
        Sid      = "ReadReport"
        Effect   = "Allow"
        Action   = "states:DescribeExecution"
        Resource = "${replace(var.state_machine_arn, ":stateMachine:", ":execution:")}:*"
      },
    ]
  })
}

resource "aws_lambda_permission" "list_dragons" {
  for_each = local.list_dragons_callers

  statement_id  = "${var.context.prefix}-rest-${replace(each.value.route, "/", "-")}"
  action        = "lambda:InvokeFunction"
  function_name = var.list_dragons.function_name
  qualifier     = each.value.alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.dragons.execution_arn}/${var.stage_name}/${each.value.route}"
}
