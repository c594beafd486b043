# What each test here begins with.
context       = { prefix = "dragons-test", parameter_path = "/dragons/test", account_id = "000000000000", log_retention_days = 30 }
rest_api_url  = "https://abc123.execute-api.us-east-1.amazonaws.com/v1"
http_api_url  = "https://def456.execute-api.us-east-1.amazonaws.com"
hosted_ui_url = "https://dragons-test.auth.us-east-1.amazoncognito.com"

functions = {
  origin-request  = { qualified_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-edge_origin_request:1" }
  origin-response = { qualified_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-edge_origin_response:2" }
  viewer-request  = { qualified_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-edge_viewer_request:3" }
  viewer-response = { qualified_arn = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-edge_viewer_response:4" }
}

edge = {
  aliases             = []
  certificate_arn     = null
  web_acl_arn         = null
  price_class         = "PriceClass_100"
  countries           = { allowed = [], refused = [] }
  access_logs         = true
  wait_for_deployment = true
}
