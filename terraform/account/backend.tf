# The bucket is that of an environment of the account: see docs/environments.md.
terraform {
  backend "s3" {
    key          = "dragons/account/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
