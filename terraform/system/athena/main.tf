# The dataset's folders as tables, for a registry that outgrows a function; and for people who query by hand.
# It costs by the bytes that queries read, so an environment has it where it asks for it.

# A query that would read more bytes than the limit is cancelled; nobody gets around it in this workgroup.
resource "aws_athena_workgroup" "dragons" {
  name          = var.context.prefix
  description   = "Queries of the dragons' dataset."
  force_destroy = !var.context.protect_data

  configuration {
    bytes_scanned_cutoff_per_query     = var.athena.bytes_per_query
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = "s3://${module.results.name}/"
      expected_bucket_owner = var.context.account_id

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}

# What queries found. It is the caller's answer once more, and worth nothing after that.
module "results" {
  source = "../../modules/bucket"

  name            = "${var.context.prefix}-${var.context.account_id}-athena"
  force_destroy   = true
  expiration_days = var.athena.result_days
  noncurrent_days = var.athena.result_days == null ? null : 1
}
