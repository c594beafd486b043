resource "aws_s3_object" "zip" {
  bucket = var.artifacts_bucket
  key    = "layers/${var.name}/${var.artifact.content_digest}.zip"
  source = "${var.repository_root}/${var.artifact.path}"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_layer_version" "this" {
  layer_name = "${var.prefix}-${var.name}"

  s3_bucket        = aws_s3_object.zip.bucket
  s3_key           = aws_s3_object.zip.key
  source_code_hash = var.artifact.content_digest

  compatible_runtimes      = [var.artifact.runtime]
  compatible_architectures = [var.artifact.architecture]

  # Functions move to the new version before the old one goes.
  lifecycle {
    create_before_destroy = true
  }
}
