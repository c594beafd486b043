locals {
  prefix         = "dragons-${var.environment}"
  dataset_prefix = "dragons/"
}
