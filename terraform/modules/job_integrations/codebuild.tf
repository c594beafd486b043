# CodeBuild: a build without a source is a script on a machine of its own.
resource "aws_codebuild_project" "this" {
  count = var.codebuild == null ? 0 : 1

  name         = "${var.prefix}-job"
  service_role = aws_iam_role.job["codebuild"].arn

  source {
    type      = "NO_SOURCE"
    buildspec = var.codebuild.buildspec
  }

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    type         = "LINUX_CONTAINER"
    image        = var.codebuild.image
    compute_type = var.codebuild.compute_type
  }
}
