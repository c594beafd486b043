# The files that people put there, and their results.
module "files" {
  source = "../../modules/bucket"

  name            = "${var.context.prefix}-${var.context.account_id}-imports"
  force_destroy   = !var.context.protect_data
  noncurrent_days = var.imports.history_days
}

# What an import works on. It has callers' data, and is worth nothing once there is a result.
module "work" {
  source = "../../modules/bucket"

  name            = "${var.context.prefix}-${var.context.account_id}-imports-work"
  force_destroy   = true
  expiration_days = var.imports.work_days
  noncurrent_days = var.imports.work_days == null ? null : 1
}
