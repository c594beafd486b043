# Which functions are stopped: those that an environment's values name, and those that `make halt` has stopped, each of
# which has a parameter until `make resume`. So an apply meanwhile lets none of them go on.

locals {
  halted_path = "${local.parameter_path}/halted/"

  # What says so, by function: a value of the environment comes first, since no command takes it back.
  halted = merge(
    { for name in data.aws_ssm_parameters_by_path.halted.names : trimprefix(name, local.halted_path) => "parameter" },
    { for name in var.halted : name => "input" },
  )
}

data "aws_ssm_parameters_by_path" "halted" {
  path = trimsuffix(local.halted_path, "/")

  lifecycle {
    postcondition {
      condition = alltrue([for name in self.names : contains(local.aliased, trimprefix(name, local.halted_path))])
      error_message = join("\n", [
        for name in self.names : "${name}: ${trimprefix(name, local.halted_path)} is no folder of functions/, or one of the edge, which cannot be halted: delete the parameter."
        if !contains(local.aliased, trimprefix(name, local.halted_path))
      ])
    }
  }
}
