# Which bucket holds the state is the account's own affair: see backend.hcl.example.
terraform {
  backend "s3" {
    key          = "dragons/prod/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
