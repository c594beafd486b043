# What build.py made goes through this bucket to Lambda, which keeps copies of its own.
module "artifacts" {
  source = "../modules/bucket"

  name          = "${local.prefix}-${local.account_id}-artifacts"
  force_destroy = true
}

module "shared_layer" {
  source = "../modules/layer"

  name             = "shared"
  prefix           = local.prefix
  artifact         = local.manifest.layers.shared
  artifacts_bucket = module.artifacts.name
  repository_root  = var.repository_root
}
