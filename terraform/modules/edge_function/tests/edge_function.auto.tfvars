# What each test here begins with.
name = "edge_viewer_request"

deployment = {
  prefix          = "dragons-test"
  account_id      = "000000000000"
  repository_root = "../../testing/repository"

  artifacts = {
    edge_viewer_request = {
      path           = "dist/functions/edge_viewer_request.zip"
      content_digest = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      zip_size       = 1048576
      handler        = "edge_viewer_request.handler.handler"
      runtime        = "python3.13"
      architecture   = "x86_64"
      edge           = "viewer"
    }
  }
}
