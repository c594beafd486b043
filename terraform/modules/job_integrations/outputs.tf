output "configured" {
  description = "What may be run, each as <service>.<pattern>, such as batch.sync."
  value       = flatten([for service, patterns in local.table : [for pattern in keys(patterns) : "${service}.${pattern}"] if local.configured[service]])
}

output "policy_statements" {
  description = "What the role of a state machine needs for that, and nothing for what is not configured."
  value       = local.granted
}

output "names" {
  description = "What the tasks of a state machine name; empty texts and lists for services that are not configured."
  value = {
    batch_job_definition    = try(var.batch.job_definition, "")
    batch_job_queue         = try(var.batch.job_queue, "")
    ecs_cluster             = join("", aws_ecs_cluster.this[*].arn)
    ecs_task_definition     = var.ecs == null ? "" : aws_ecs_task_definition.this[0].family
    ecs_container           = local.container
    subnets                 = jsonencode(local.network.subnet_ids)
    security_groups         = jsonencode(local.network.security_group_ids)
    assign_public_ip        = local.network.assign_public_ip ? "ENABLED" : "DISABLED"
    glue_job                = join("", aws_glue_job.this[*].name)
    sagemaker_role_arn      = var.sagemaker == null ? "" : aws_iam_role.job["sagemaker"].arn
    sagemaker_image         = try(var.sagemaker.image, "")
    sagemaker_output        = try(var.sagemaker.output, "")
    sagemaker_instance_type = try(var.sagemaker.instance_type, "")
    codebuild_project       = join("", aws_codebuild_project.this[*].name)
    state_machine_arn       = try(var.state_machine.live_arn, "")
  }
}
