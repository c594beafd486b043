locals {
  glue = "arn:aws:glue:${var.context.region}:${var.context.account_id}"

  # https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html,
  # https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html and, on buckets,
  # https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
  policy_statements = [
    {
      sid       = "Query"
      actions   = ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:StopQueryExecution"]
      resources = [aws_athena_workgroup.dragons.arn]
    },
    {
      sid     = "ReadCatalog"
      actions = ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"]
      resources = [
        "${local.glue}:catalog",
        "${local.glue}:database/${aws_glue_catalog_database.dragons.name}",
        "${local.glue}:table/${aws_glue_catalog_database.dragons.name}/${aws_glue_catalog_table.dragons.name}",
        "${local.glue}:table/${aws_glue_catalog_database.dragons.name}/${aws_glue_catalog_table.dragons_by_family.name}",
      ]
    },
    {
      sid       = "LocateBuckets"
      actions   = ["s3:GetBucketLocation"]
      resources = [module.results.arn, var.dataset.bucket_arn]
    },
    {
      sid       = "ListResults"
      actions   = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
      resources = [module.results.arn]
    },
    {
      sid       = "KeepResults"
      actions   = ["s3:GetObject", "s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
      resources = ["${module.results.arn}/*"]
    },
  ]
}
