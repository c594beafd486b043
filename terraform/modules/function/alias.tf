# Callers point here, never at the function itself. `live` is the newest version, unless a pin holds another, or a
# shift, which sends a share of the callers to the newest.
locals {
  pin   = lookup(var.deployment.pins, var.name, null)
  shift = local.pin == null ? lookup(var.deployment.shifts, var.name, null) : null
  held  = local.shift == null ? local.pin : local.shift.held
}

# Read for its error alone: a version that is not published cannot be held, and is refused here, before anything moves.
# What the provider says then names no version; the key, which is in the address that Terraform adds, says the rest.
data "aws_lambda_function" "pinned" {
  for_each = local.held == null ? {} : {
    "${var.deployment.parameter_path}/${local.shift == null ? "pins" : "shifts"}/${var.name} = ${local.held}" = local.held
  }

  function_name = local.physical_name
  qualifier     = each.value
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that serves."
  function_name    = aws_lambda_function.this.function_name
  function_version = local.held != null ? local.held : aws_lambda_function.this.version

  dynamic "routing_config" {
    for_each = try(local.shift.percent > 0, false) ? [local.shift.percent / 100] : []

    content {
      additional_version_weights = { (aws_lambda_function.this.version) = routing_config.value }
    }
  }
}

resource "aws_lambda_alias" "canary" {
  name             = "canary"
  description      = "The version on trial; while there is no canary, the one that serves."
  function_name    = aws_lambda_function.this.function_name
  function_version = var.deployment.canary ? aws_lambda_function.this.version : aws_lambda_alias.live.function_version
}

# What serves, and since which release. SSM keeps a parameter's history: it is the log that a rollback reads.
resource "aws_ssm_parameter" "live" {
  name           = "${var.deployment.parameter_path}/live/${var.name}"
  description    = "The version that serves, and the release that it belongs to."
  type           = "String"
  insecure_value = jsonencode({ release = var.deployment.release, version = aws_lambda_alias.live.function_version })
}
