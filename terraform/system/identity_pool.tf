# It comes after both: the user pool signs people in, and the HTTP API has what they and guests may invoke.
module "identity_pool" {
  source = "./identity_pool"

  context          = local.context
  guest_routes     = [module.http_api.guest_route_arn]
  signed_in_routes = [module.http_api.guest_route_arn]

  user_pool = {
    endpoint  = module.auth.user_pool_endpoint
    client_id = module.auth.user_pool_client_id
  }
}
