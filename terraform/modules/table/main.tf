# A table of items by a key of text, in order by a second one where there is one, and by an index of other keys where
# there is one: encrypted, recoverable, and paid for by the request.
locals {
  # By name: "S" is a text, "N" a number.
  attributes = merge(
    { for name in compact([var.key, var.sort_key, try(var.index.key, null)]) : name => "S" },
    { for name in compact([try(var.index.sort_key, null)]) : name => var.index.sort_key_type },
  )
}

resource "aws_dynamodb_table" "this" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = var.key
  range_key    = var.sort_key

  dynamic "attribute" {
    for_each = local.attributes

    content {
      name = attribute.key
      type = attribute.value
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.index == null ? [] : [var.index]

    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.key
      range_key       = global_secondary_index.value.sort_key
      projection_type = global_secondary_index.value.projection
    }
  }

  dynamic "ttl" {
    for_each = var.expiry == null ? [] : [var.expiry]

    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }

  point_in_time_recovery {
    enabled = true
  }

  # Encrypted it is either way; false names the key that AWS owns.
  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html
  server_side_encryption {
    enabled = var.kms_encryption
  }

  deletion_protection_enabled = var.protect_data
}
