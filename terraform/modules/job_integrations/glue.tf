# Glue's Python shell.
resource "aws_glue_job" "this" {
  count = var.glue == null ? 0 : 1

  name         = "${var.prefix}-job"
  role_arn     = aws_iam_role.job["glue"].arn
  max_capacity = 0.0625

  command {
    name            = "pythonshell"
    python_version  = "3.9"
    script_location = var.glue.script
  }

  execution_property {
    max_concurrent_runs = var.glue.max_concurrent_runs
  }
}
