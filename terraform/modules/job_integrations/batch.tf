# AWS Batch, on Fargate: nothing is charged while no job runs.
resource "aws_batch_compute_environment" "this" {
  count = var.batch == null ? 0 : 1

  # Its name is the provider's: the argument is called otherwise in version 6.
  type         = "MANAGED"
  service_role = aws_iam_role.service["batch"].arn

  compute_resources {
    type               = "FARGATE"
    max_vcpus          = var.batch.max_vcpus
    subnets            = local.network.subnet_ids
    security_group_ids = local.network.security_group_ids
  }

  # Batch could not delete what it made without its permissions.
  depends_on = [aws_iam_role_policy_attachment.service]
}

resource "aws_batch_job_queue" "this" {
  count = var.batch == null ? 0 : 1

  name     = var.batch.job_queue
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.this[0].arn
  }
}

resource "aws_batch_job_definition" "this" {
  count = var.batch == null ? 0 : 1

  name                  = var.batch.job_definition
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  parameters            = var.batch.parameters

  container_properties = jsonencode({
    image            = var.batch.image
    command          = var.batch.command
    jobRoleArn       = aws_iam_role.job["batch"].arn
    executionRoleArn = aws_iam_role.service["ecs-tasks"].arn
    environment      = [for name, value in var.batch.variables : { name = name, value = value }]
    resourceRequirements = [
      { type = "VCPU", value = var.batch.vcpus },
      { type = "MEMORY", value = tostring(var.batch.memory_mb) },
    ]
    networkConfiguration = { assignPublicIp = local.network.assign_public_ip ? "ENABLED" : "DISABLED" }
  })
}
