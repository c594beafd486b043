# What each test here begins with.
context = {
  prefix         = "dragons-test"
  parameter_path = "/dragons/test"
  account_id     = "000000000000"
  protect_data   = true
}
