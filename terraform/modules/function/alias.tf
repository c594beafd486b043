# Callers point here, never at the function itself. Terraform makes the aliases and then leaves them alone: deploy,
# promote and rollback move them, and `live` notes in its description what it served before.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that serves."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [description, function_version, routing_config]
  }
}

resource "aws_lambda_alias" "canary" {
  name             = "canary"
  description      = "The version on trial."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [description, function_version, routing_config]
  }
}
