# The whole system, for one environment. Each file here is one concern; each module block is one part of it.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  prefix     = "dragons-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id

  # What every room is told; each says in its variables which of it it reads.
  context = {
    prefix             = local.prefix
    parameter_path     = local.parameter_path
    account_id         = local.account_id
    region             = var.region
    log_retention_days = var.log_retention_days
    protect_data       = var.protect_data
  }

  manifest = jsondecode(file("${var.repository_root}/dist/manifest.json"))

  # Names what is deployed: it changes with any function or layer and with nothing else.
  release = substr(sha256(jsonencode([
    for artifact in concat(values(local.manifest.functions), values(local.manifest.layers)) : artifact.content_digest
  ])), 0, 12)
}
