# A state machine, the aliases that callers start it by, and a role that may do what its definition does.
locals {
  physical_name = "${var.deployment.prefix}-${var.name}"

  # An EXPRESS execution leaves no history: unless told, its log has what went wrong.
  log_level = coalesce(var.logging.level, var.type == "EXPRESS" ? "ERROR" : "OFF")
  logged    = local.log_level != "OFF"
}

resource "aws_sfn_state_machine" "this" {
  name       = local.physical_name
  type       = var.type
  role_arn   = aws_iam_role.this.arn
  definition = var.definition
  publish    = true

  tracing_configuration {
    enabled = var.tracing
  }

  dynamic "logging_configuration" {
    for_each = local.logged ? [var.logging] : []

    content {
      level                  = local.log_level
      include_execution_data = logging_configuration.value.include_data
      log_destination        = "${aws_cloudwatch_log_group.this[0].arn}:*"
    }
  }

  # Creating a state machine checks what its role may do; the role's policy has to be there first.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  count = local.logged ? 1 : 0

  # Below this name, CloudWatch Logs keeps no policy of its own for each group: such policies have a limit.
  # https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
  name              = "/aws/vendedlogs/states/${local.physical_name}"
  retention_in_days = var.logging.retention_days
}
