# What each test here begins with.
name = "list_dragons"

deployment = {
  prefix           = "dragons-test"
  repository_root  = "../../testing/repository"
  artifacts_bucket = "dragons-test-000000000000-artifacts"
  parameter_path   = "/dragons/test"
  release          = "2026-11-27T08:00:00Z"

  artifacts = {
    list_dragons = {
      path           = "dist/functions/list_dragons.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      handler        = "list_dragons.handler.handler"
      runtime        = "python3.13"
      architecture   = "arm64"
    }
  }
}
