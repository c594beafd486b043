# What each test here begins with.
context           = { prefix = "dragons-test", region = "us-east-1", log_retention_days = 30 }
invoke_url_format = "https://%s.execute-api.us-east-1.amazonaws.com/%s"
state_machines = {
  report_dragon = {
    arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon"
    live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-report_dragon:live"
  }
  summarise_dragons = {
    arn      = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons"
    live_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-test-summarise_dragons:live"
  }
}
user_pool_arn = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Dragons"
functions = {
  list_dragons = {
    function_name     = "dragons-test-list_dragons"
    alias_name        = "live"
    canary_alias_name = "canary"
    alias_arn         = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live"
    alias_invoke_arn  = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-list_dragons:live/invocations"
  }
  authorize_partner = {
    function_name     = "dragons-test-authorize_partner"
    alias_name        = "live"
    canary_alias_name = "canary"
    alias_arn         = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner:live"
    alias_invoke_arn  = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:dragons-test-authorize_partner:live/invocations"
  }
}
schemas_path    = "../../../shared/dragons/schemas"
allowed_origins = ["https://dragons.example.com"]
release         = "1.0.0"
text_messages   = "any"

canary_percent     = 0
throttling         = { rate = 100, burst = 200 }
method_throttling  = {}
partner_throttling = { rate = 10, burst = 20 }
data_trace         = false
detailed_metrics   = false
