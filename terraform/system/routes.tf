# The HTTP API's routes: a method and a path, the function that answers, and who may call it. Unless its entry says
# otherwise, a route wants an access token with the scope to read.
locals {
  routes = {
    "GET /dragons" = {
      function = module.list_dragons
    }

    # How many there are.
    "HEAD /dragons" = {
      function = module.list_dragons
    }

    # What happened to a dragon, for those who decide on reports.
    "GET /dragons/journal" = {
      function = module.read_journal
      scopes   = [module.auth.review_scope]
    }

    # The reports that wait for a reviewer, and a decision on one of them.
    "GET /reviews" = {
      function = module.list_reviews
      scopes   = [module.auth.review_scope]
    }

    "POST /reviews/{reviewId}" = {
      function = module.decide_review
      scopes   = [module.auth.review_scope]
    }

    # The same for whoever signs with credentials of AWS that allow it, guests' among them.
    "GET /guest/dragons" = {
      function      = module.list_dragons
      authorization = "AWS_IAM"
    }

    "HEAD /guest/dragons" = {
      function      = module.list_dragons
      authorization = "AWS_IAM"
    }

    # SNS signs what it posts, and sends no token.
    "POST /webhooks/sightings" = {
      function      = module.receive_webhook
      authorization = "NONE"
    }
  }
}
