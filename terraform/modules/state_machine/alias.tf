# Callers start an alias, never the machine itself. `live` is the newest version, unless a pin holds another. Each change
# of the definition or of the role is a version; an execution keeps the one that it began with, and its ARN does not name
# the alias.
# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-cd-aliasing-versioning.html
locals {
  pin    = lookup(var.deployment.pins, var.name, null)
  newest = aws_sfn_state_machine.this.state_machine_version_arn
  live   = local.pin == null ? local.newest : "${aws_sfn_state_machine.this.arn}:${local.pin}"
}

# Read for its error alone: a version that is not published cannot be held, and is refused here, before anything moves.
data "aws_sfn_state_machine_versions" "pinned" {
  for_each = local.pin == null ? {} : { "${var.deployment.parameter_path}/pins/${var.name} = ${local.pin}" = local.pin }

  statemachine_arn = aws_sfn_state_machine.this.arn

  lifecycle {
    postcondition {
      condition     = contains(self.statemachine_versions, local.live)
      error_message = "${each.key}: of ${local.physical_name}, no version ${each.value} is published: write the number of one that is, or delete the parameter."
    }
  }
}

resource "aws_sfn_alias" "live" {
  name        = "live"
  description = "The version that serves."

  routing_configuration {
    state_machine_version_arn = local.live
    weight                    = 100
  }
}

resource "aws_sfn_alias" "canary" {
  name        = "canary"
  description = "The version on trial; while there is no canary, the one that serves."

  routing_configuration {
    state_machine_version_arn = var.deployment.canary ? local.newest : local.live
    weight                    = 100
  }

  # Step Functions refuses to change two aliases of a state machine at once:
  # https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachineAlias.html
  depends_on = [aws_sfn_alias.live]
}

# What serves, and since which release. SSM keeps a parameter's history: it is the log that a rollback reads.
resource "aws_ssm_parameter" "live" {
  name           = "${var.deployment.parameter_path}/live/${var.name}"
  description    = "The version that serves, and the release that it belongs to."
  type           = "String"
  insecure_value = jsonencode({ release = var.deployment.release, version = regex("[0-9]+$", local.live) })
}
