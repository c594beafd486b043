# A function behind an HTTP API that wants a token of a Cognito user pool. Nothing here knows of the local cloud but
# the provider's block, and the two URLs that hold its address where AWS has one of its own.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

variable "port" {
  description = "Where the local cloud listens."
  type        = number
  default     = 4566
}

locals {
  endpoint = "http://127.0.0.1:${var.port}"
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    apigatewayv2 = local.endpoint
    cognitoidp   = local.endpoint
    iam          = local.endpoint
    lambda       = local.endpoint
    sts          = local.endpoint
  }
}

resource "aws_iam_role" "greet" {
  name = "greet"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "greet" {
  function_name    = "greet"
  role             = aws_iam_role.greet.arn
  runtime          = "python3.13"
  handler          = "handler.handler"
  filename         = "${path.module}/function.zip"
  source_code_hash = filebase64sha256("${path.module}/function.zip")
}

resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.greet.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_cognito_user_pool" "this" {
  name = "people"
}

resource "aws_cognito_user_pool_client" "this" {
  name                = "call"
  user_pool_id        = aws_cognito_user_pool.this.id
  explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
}

resource "aws_cognito_user" "ann" {
  user_pool_id = aws_cognito_user_pool.this.id
  username     = "ann"
  password     = "Only-for-1-example"
}

resource "aws_apigatewayv2_api" "this" {
  name          = "greetings"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "people" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "people"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "${local.endpoint}/${aws_cognito_user_pool.this.id}" # https://<user pool's endpoint> on AWS
    audience = [aws_cognito_user_pool_client.this.id]
  }
}

resource "aws_apigatewayv2_integration" "greet" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.greet.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "hello" {
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = "GET /hello"
  target             = "integrations/${aws_apigatewayv2_integration.greet.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.people.id
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
}

output "url" {
  description = "Where the function is called."
  value       = "${local.endpoint}/_aws/execute-api/${aws_apigatewayv2_api.this.id}/hello" # api_endpoint on AWS
}

output "endpoint" {
  description = "Where AWS's own API is."
  value       = local.endpoint
}

output "client_id" {
  description = "The app client that people sign in with."
  value       = aws_cognito_user_pool_client.this.id
}
