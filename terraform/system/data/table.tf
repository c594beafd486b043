# The record of truth. Everything else is made from its stream.
resource "aws_dynamodb_table" "dragons" {
  name         = "${var.context.prefix}-dragons"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "dragon_name_str"

  attribute {
    name = "dragon_name_str"
    type = "S"
  }

  attribute {
    name = "family_str"
    type = "S"
  }

  # The same text in every item: order over all names needs one item collection (docs/adr/0011).
  attribute {
    name = "registry"
    type = "S"
  }

  # Whether a family is known is asked here (docs/adr/0007).
  global_secondary_index {
    name            = "by_family"
    hash_key        = "family_str"
    projection_type = "KEYS_ONLY"
  }

  # Names in order, and those that begin alike, are asked here. A partition takes 1,000 writes a second; from near that on,
  # DynamoDB splits a collection by its sort key.
  # https://aws.amazon.com/blogs/database/part-3-scaling-dynamodb-how-partitions-hot-keys-and-split-for-heat-impact-performance/
  global_secondary_index {
    name            = "by_name"
    hash_key        = "registry"
    range_key       = "dragon_name_str"
    projection_type = "KEYS_ONLY"
  }

  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  point_in_time_recovery {
    enabled = true
  }

  # As in ../../modules/table: false names the key that AWS owns.
  server_side_encryption {
    enabled = var.context.kms_encryption
  }

  deletion_protection_enabled = var.context.protect_data
}
