# What an account has once for all its environments, with a state of its own, so that no environment takes it from
# another: the role that API Gateway writes logs with, in one region.
module "api_gateway_account" {
  source = "../modules/api_gateway_account"

  prefix = "dragons-${var.region}" # roles are the account's, the setting is a region's
}
