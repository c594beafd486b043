# Where functions find the dataset, and how they are to read it. Nothing secret: plans may show the values.
resource "aws_ssm_parameter" "dataset_bucket" {
  name           = "${var.context.parameter_path}/dataset_bucket"
  description    = "The bucket that holds the dataset."
  type           = "String"
  insecure_value = module.dataset.name
}

resource "aws_ssm_parameter" "dataset_prefix" {
  name           = "${var.context.parameter_path}/dataset_prefix"
  description    = "What the keys of the dataset's objects begin with."
  type           = "String"
  insecure_value = local.dataset_prefix
}

resource "aws_ssm_parameter" "query_engine" {
  name           = "${var.context.parameter_path}/query_engine"
  description    = "How GET /dragons reads the dataset: an engine's name."
  type           = "String"
  insecure_value = var.query_engine
}
