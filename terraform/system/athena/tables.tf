locals {
  location = "s3://${var.dataset.bucket}/${var.dataset.prefix}"

  # One column: a line's own text, out of which queries read JSON (json_extract_scalar), so that types stay as they are.
  # https://docs.aws.amazon.com/athena/latest/ug/lazy-simple-serde.html
  text = {
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
    serde         = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
  }
}

# Glue takes no hyphens in what SQL names without quotes.
resource "aws_glue_catalog_database" "dragons" {
  name        = replace(var.context.prefix, "-", "_")
  description = "The dragons' dataset."
}

# All families: Athena reads the folders below the location, too.
resource "aws_glue_catalog_table" "dragons" {
  name          = "dragons"
  database_name = aws_glue_catalog_database.dragons.name
  description   = "The lines of the dataset, each a dragon's JSON."
  table_type    = "EXTERNAL_TABLE"
  parameters    = { EXTERNAL = "TRUE" }

  storage_descriptor {
    location      = local.location
    input_format  = local.text.input_format
    output_format = local.text.output_format

    columns {
      name = "line"
      type = "string"
    }

    ser_de_info {
      serialization_library = local.text.serde
    }
  }
}

# One family: a query says which folder, by its percent-encoded name, and must. Families come and go, and nobody adds
# partitions to a catalog. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-dynamic-id-partitioning.html
resource "aws_glue_catalog_table" "dragons_by_family" {
  name          = "dragons_by_family"
  database_name = aws_glue_catalog_database.dragons.name
  description   = "The lines of one family: family_str = '<its name, percent-encoded>'."
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    EXTERNAL                     = "TRUE"
    "projection.enabled"         = "true"
    "projection.family_str.type" = "injected"
    "storage.location.template"  = "${local.location}family_str=$${family_str}/"
  }

  partition_keys {
    name = "family_str"
    type = "string"
  }

  storage_descriptor {
    location      = local.location
    input_format  = local.text.input_format
    output_format = local.text.output_format

    columns {
      name = "line"
      type = "string"
    }

    ser_de_info {
      serialization_library = local.text.serde
    }
  }
}
