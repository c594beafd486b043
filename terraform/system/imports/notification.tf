# A file that is put starts its import. No filter: it can name what a key begins with, and not what it does not, so
# start_import itself leaves results out.
resource "aws_s3_bucket_notification" "files" {
  bucket = module.files.name

  lambda_function {
    lambda_function_arn = var.start_import.alias_arn
    events              = ["s3:ObjectCreated:*"]
  }

  # S3 tries the permission when the notification is set.
  depends_on = [aws_lambda_permission.files]
}

resource "aws_lambda_permission" "files" {
  statement_id   = "ImportBucket"
  action         = "lambda:InvokeFunction"
  function_name  = var.start_import.function_name
  qualifier      = var.start_import.alias_name
  principal      = "s3.amazonaws.com"
  source_arn     = module.files.arn
  source_account = var.context.account_id
}

# Files whose import could not be started.
module "start_import_dead_letters" {
  source = "../../modules/queue"

  name = "${var.context.prefix}-start_import-dead-letters"
}
