mock_provider "aws" {
  source = "../../testing/mocks"
}

run "is_what_folder_and_manifest_say" {
  assert {
    condition     = aws_s3_object.zip.key == "layers/shared/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.zip"
    error_message = "the zip's key must name its digest"
  }

  assert {
    condition     = aws_lambda_layer_version.this.s3_key == aws_s3_object.zip.key && aws_lambda_layer_version.this.source_code_hash == var.artifact.content_digest
    error_message = "a new digest must make a new version"
  }

  assert {
    condition = (
      aws_lambda_layer_version.this.compatible_runtimes == toset(["python3.13"])
      && aws_lambda_layer_version.this.compatible_architectures == toset(["arm64"])
    )
    error_message = "runtime and architecture must be the manifest's"
  }

  assert {
    condition     = aws_lambda_layer_version.this.layer_name == "dragons-test-shared"
    error_message = "the layer's name must be the prefix and the folder"
  }

  assert {
    condition     = output.arn == "arn:aws:lambda:us-east-1:000000000000:layer:mocked:3"
    error_message = "functions must be given a version, not the layer"
  }
}
