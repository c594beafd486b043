# What each test here begins with.
name       = "dragons-test-write_dataset"
stream_arn = "arn:aws:dynamodb:us-east-1:000000000000:table/dragons-test-dragons/stream/2026-01-01T00:00:00.000"

function = {
  alias_arn  = "arn:aws:lambda:us-east-1:000000000000:function:dragons-test-write_dataset:live"
  role_name  = "dragons-test-write_dataset"
  idempotent = true
}
