# What each test here begins with.
environment  = "test"
account_id   = "000000000000"
protect_data = true
