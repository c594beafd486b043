locals {
  invoke_url = format(var.invoke_url_format, aws_api_gateway_rest_api.dragons.id, var.stage_name)
}

resource "aws_api_gateway_rest_api" "dragons" {
  name        = "${var.context.prefix}-rest"
  description = "Dragons: list them, report one, follow a report."
  body        = local.openapi

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_deployment" "dragons" {
  rest_api_id = aws_api_gateway_rest_api.dragons.id

  triggers = {
    openapi = sha1(local.openapi)
  }

  lifecycle {
    create_before_destroy = true
  }
}
