# What each test here begins with.
environment     = "test"
region          = "us-east-1"
repository_root = "../.."
allowed_origins = ["https://dragons.example"]
sign_in         = { callback_urls = ["https://dragons.example/callback"], logout_urls = [] }
