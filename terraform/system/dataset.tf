# The table is the record of truth; its stream keeps the dataset, from which dragons are listed.

module "data" {
  source = "./data"

  context              = local.context
  dataset_history_days = var.dataset_history_days
  query_engine         = var.query_engine
}

locals {
  dataset_objects = "${module.data.dataset_bucket_arn}/${module.data.dataset_prefix}*"

  # On the whole bucket: with a condition on the prefix, S3 would answer 403 and not 404 for an object that is gone.
  list_dataset = {
    sid       = "ListDataset"
    actions   = ["s3:ListBucket"]
    resources = [module.data.dataset_bucket_arn]
  }
}

module "dataset_stream" {
  source = "../modules/stream_consumer"

  # Not the function module's output: the dead-letter queue, slow to make, would wait for the function.
  name       = "${local.prefix}-write_dataset"
  function   = module.write_dataset
  stream_arn = module.data.stream_arn
  batch_size = 1000 # few and large: a list reads the objects one by one
}
