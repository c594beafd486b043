# Who may report, one row a person: written when they confirm their address.
resource "aws_dynamodb_table" "reporters" {
  name         = "${var.prefix}-reporters"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "sub"

  attribute {
    name = "sub"
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
