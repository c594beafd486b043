# What the mocked provider answers where the real one checks the form: ARNs, JSON, account numbers.

mock_data "aws_caller_identity" {
  defaults = {
    account_id = "000000000000"
  }
}

mock_data "aws_partition" {
  defaults = {
    partition = "aws"
  }
}

mock_data "aws_iam_policy_document" {
  defaults = {
    json = "{}"
  }
}

mock_resource "aws_iam_role" {
  defaults = {
    arn = "arn:aws:iam::000000000000:role/mocked"
  }
}

mock_resource "aws_s3_bucket" {
  defaults = {
    arn                         = "arn:aws:s3:::mocked"
    bucket_regional_domain_name = "mocked.s3.us-east-1.amazonaws.com"
  }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = {
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:mocked"
  }
}

mock_resource "aws_lambda_function" {
  defaults = {
    arn           = "arn:aws:lambda:us-east-1:000000000000:function:mocked"
    qualified_arn = "arn:aws:lambda:us-east-1:000000000000:function:mocked:7"
    version       = "7"
  }
}

mock_resource "aws_lambda_alias" {
  defaults = {
    arn        = "arn:aws:lambda:us-east-1:000000000000:function:mocked:live"
    invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:mocked:live/invocations"
  }
}

mock_resource "aws_lambda_layer_version" {
  defaults = {
    arn = "arn:aws:lambda:us-east-1:000000000000:layer:mocked:3"
  }
}

mock_resource "aws_dynamodb_table" {
  defaults = {
    arn        = "arn:aws:dynamodb:us-east-1:000000000000:table/mocked"
    stream_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/mocked/stream/2026-01-01T00:00:00.000"
  }
}

mock_resource "aws_sqs_queue" {
  defaults = {
    arn = "arn:aws:sqs:us-east-1:000000000000:mocked"
  }
}

mock_resource "aws_ssm_parameter" {
  defaults = {
    arn = "arn:aws:ssm:us-east-1:000000000000:parameter/mocked"
  }
}

mock_resource "aws_sfn_state_machine" {
  defaults = {
    arn                       = "arn:aws:states:us-east-1:000000000000:stateMachine:mocked"
    state_machine_version_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:mocked:3"
  }
}

mock_data "aws_sfn_state_machine_versions" {
  defaults = {
    statemachine_versions = [
      "arn:aws:states:us-east-1:000000000000:stateMachine:mocked:3",
      "arn:aws:states:us-east-1:000000000000:stateMachine:mocked:2",
    ]
  }
}

mock_resource "aws_sfn_activity" {
  defaults = {
    id = "arn:aws:states:us-east-1:000000000000:activity:mocked"
  }
}

mock_resource "aws_sfn_alias" {
  defaults = {
    arn = "arn:aws:states:us-east-1:000000000000:stateMachine:mocked:live"
  }
}

mock_resource "aws_api_gateway_rest_api" {
  defaults = {
    id            = "abc123"
    execution_arn = "arn:aws:execute-api:us-east-1:000000000000:abc123"
  }
}

mock_resource "aws_api_gateway_deployment" {
  defaults = { id = "def456" }
}

mock_resource "aws_api_gateway_usage_plan" {
  defaults = { id = "ghi789" }
}

mock_resource "aws_apigatewayv2_api" {
  defaults = {
    id            = "mocked"
    execution_arn = "arn:aws:execute-api:us-east-1:000000000000:mocked"
  }
}

mock_resource "aws_cognito_user_pool" {
  defaults = {
    id       = "us-east-1_Mocked"
    arn      = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Mocked"
    endpoint = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Mocked"
  }
}

mock_resource "aws_cognito_identity_pool" {
  defaults = {
    id = "us-east-1:00000000-0000-0000-0000-000000000000"
  }
}

mock_resource "aws_sns_topic" {
  defaults = {
    arn = "arn:aws:sns:us-east-1:000000000000:mocked"
  }
}

mock_resource "aws_cloudwatch_event_rule" {
  defaults = {
    arn = "arn:aws:events:us-east-1:000000000000:rule/mocked"
  }
}

mock_resource "aws_kms_key" {
  defaults = {
    arn    = "arn:aws:kms:us-east-1:000000000000:key/mocked"
    key_id = "mocked"
  }
}

mock_resource "aws_cloudwatch_event_bus" {
  defaults = {
    arn = "arn:aws:events:us-east-1:000000000000:event-bus/mocked"
  }
}

mock_resource "aws_batch_compute_environment" {
  defaults = {
    arn = "arn:aws:batch:us-east-1:000000000000:compute-environment/mocked"
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = {
    arn         = "arn:aws:cloudfront::000000000000:distribution/EMOCKED"
    domain_name = "mocked.cloudfront.net"
    id          = "EMOCKED"
  }
}

mock_resource "aws_cloudwatch_log_delivery_destination" {
  defaults = {
    arn = "arn:aws:logs:us-east-1:000000000000:delivery-destination:mocked"
  }
}
