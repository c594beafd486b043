# It comes after both: the user pool signs people in, and the HTTP API has what they and guests may invoke.
module "identity_pool" {
  source = "./identity_pool"

  context = local.context

  user_pool = {
    endpoint  = module.auth.user_pool_endpoint
    client_id = module.auth.user_pool_client_id
  }

  # Guests, and who has signed in.
  routes = {
    unauthenticated = [module.http_api.guest_route_arn]
    authenticated   = [module.http_api.guest_route_arn]
  }
}
