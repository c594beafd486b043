# Who may read the partners' list. The table holds a token's hash, so that who reads it can use no token.
resource "aws_dynamodb_table" "partners" {
  name         = "${var.prefix}-partners"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "token_sha256"

  attribute {
    name = "token_sha256"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }

  deletion_protection_enabled = var.protect_data
}
