# The read model: safe to rebuild from the table.
module "dataset" {
  source = "../../modules/bucket"

  name            = "${local.prefix}-${var.account_id}-dataset"
  force_destroy   = !var.protect_data
  noncurrent_days = var.dataset_history_days
}
