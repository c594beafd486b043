# What each test here begins with.
name             = "shared"
prefix           = "dragons-test"
artifacts_bucket = "dragons-test-000000000000-artifacts"
repository_root  = "../../testing/repository"

artifact = {
  path           = "dist/layers/shared.zip"
  content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  runtime        = "python3.13"
  architecture   = "arm64"
}
