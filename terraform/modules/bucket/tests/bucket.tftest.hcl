mock_provider "aws" {
  source = "../../testing/mocks"
}

variables {
  name = "dragons-test-000000000000-dataset"
}

run "is_private_encrypted_and_versioned" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "public access must be blocked in all four ways"
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "no access lists: the owner owns every object"
  }

  assert {
    condition = (
      data.aws_iam_policy_document.tls_only.statement[0].effect == "Deny"
      && one(data.aws_iam_policy_document.tls_only.statement[0].condition).variable == "aws:SecureTransport"
      && one(data.aws_iam_policy_document.tls_only.statement[0].condition).values == tolist(["false"])
    )
    error_message = "a request without TLS must be denied"
  }

  assert {
    condition     = data.aws_iam_policy_document.tls_only.statement[0].resources == toset(["arn:aws:s3:::mocked", "arn:aws:s3:::mocked/*"])
    error_message = "the denial must cover the bucket and its objects"
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "objects must be encrypted"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "objects must be versioned"
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this) == 0
    error_message = "objects must be kept unless told otherwise"
  }
}

run "is_read_by_a_service_for_one_resource_alone" {
  variables {
    readers = { "cloudfront.amazonaws.com" = "arn:aws:cloudfront::000000000000:distribution/E1" }
  }

  assert {
    condition = (
      data.aws_iam_policy_document.tls_only.statement[1].actions == toset(["s3:GetObject"])
      && data.aws_iam_policy_document.tls_only.statement[1].resources == toset(["arn:aws:s3:::mocked/*"])
      && one(data.aws_iam_policy_document.tls_only.statement[1].principals).identifiers == toset(["cloudfront.amazonaws.com"])
    )
    error_message = "the service must read objects, and do nothing else"
  }

  assert {
    condition = (
      one(data.aws_iam_policy_document.tls_only.statement[1].condition).variable == "aws:SourceArn"
      && one(data.aws_iam_policy_document.tls_only.statement[1].condition).values == tolist(["arn:aws:cloudfront::000000000000:distribution/E1"])
    )
    error_message = "the service must read for that resource alone"
  }
}

run "forgets_what_was_replaced_when_told" {
  variables {
    noncurrent_days = 30
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "replaced objects must go after the days given"
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].expiration[0].expired_object_delete_marker
    error_message = "nothing must be left of objects that are gone"
  }

  assert {
    condition     = aws_s3_bucket.this.force_destroy == false
    error_message = "a filled bucket must not be destroyed by default"
  }
}

run "objects_go_by_their_age_when_told" {
  variables {
    expiration_days = 7
    noncurrent_days = 1
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this[0].rule[0].expiration[0].days == 7
    error_message = "objects must go after the days given"
  }
}

run "refuses_an_age_without_an_end_of_versions" {
  command = plan
  variables {
    expiration_days = 7
  }
  expect_failures = [var.expiration_days]
}

run "refuses_a_bad_name_part_of_a_day_and_a_reader_for_everybody" {
  command = plan
  variables {
    name            = "Dragons_Bucket"
    noncurrent_days = 0.5
    readers         = { "cloudfront.amazonaws.com" = "*" }
  }
  expect_failures = [var.name, var.noncurrent_days, var.readers]
}
