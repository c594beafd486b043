# The read model: safe to rebuild from the table.
module "dataset" {
  source = "../../modules/bucket"

  name            = "${var.context.prefix}-${var.context.account_id}-dataset"
  force_destroy   = !var.context.protect_data
  noncurrent_days = var.dataset_history_days
}
