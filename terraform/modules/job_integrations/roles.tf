# What jobs run as, one role a service, and what the services themselves act as. None for a service that is not there.
locals {
  arn  = { for service in ["ecs", "logs", "ecr", "codebuild", "glue"] : service => "arn:aws:${service}:${var.region}:${var.account_id}" }
  logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]

  # By service: who runs the job, and what that may do.
  jobs = {
    batch = {
      configured = var.batch != null
      principal  = "ecs-tasks"
      statements = flatten(var.batch[*].policy_statements)
    }
    ecs = {
      configured = var.ecs != null
      principal  = "ecs-tasks"
      statements = flatten(var.ecs[*].policy_statements)
    }
    glue = {
      configured = var.glue != null
      principal  = "glue"
      statements = [
        { sid = "ReadScript", actions = ["s3:GetObject"], resources = [try(replace(var.glue.script, "s3://", "arn:aws:s3:::"), "")] },
        { sid = "Log", actions = local.logs, resources = ["${local.arn.logs}:log-group:/aws-glue/*"] },
      ]
    }
    sagemaker = {
      configured = var.sagemaker != null
      principal  = "sagemaker"
      statements = [
        { sid = "WriteModel", actions = ["s3:PutObject"], resources = [try("${replace(var.sagemaker.output, "s3://", "arn:aws:s3:::")}/*", "")] },
        { sid = "Log", actions = local.logs, resources = ["${local.arn.logs}:log-group:/aws/sagemaker/*"] },
        {
          sid       = "PullImage"
          actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          resources = ["arn:aws:ecr:${var.region}:*:repository/*"] # AWS's own algorithms are in accounts of AWS's
        },
        # Accepts no ARN: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
        { sid = "SignInToRegistry", actions = ["ecr:GetAuthorizationToken"], resources = ["*"] },
      ]
    }
    codebuild = {
      configured = var.codebuild != null
      principal  = "codebuild"
      statements = [
        { sid = "Log", actions = local.logs, resources = ["${local.arn.logs}:log-group:/aws/codebuild/${var.prefix}-job*"] },
      ]
    }
  }
  roles = { for service, role in local.jobs : service => role if role.configured }

  # What Batch manages its environment as, and what Fargate pulls images and writes logs as.
  services = {
    for principal, policy in {
      batch     = "AWSBatchServiceRole"
      ecs-tasks = "AmazonECSTaskExecutionRolePolicy"
    } : principal => policy if principal == "batch" ? var.batch != null : local.containers
  }

  trusts = {
    for principal in concat([for role in local.roles : role.principal], keys(local.services)) : principal => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "${principal}.amazonaws.com" }
      }]
    })...
  }
}

resource "aws_iam_role" "job" {
  for_each = local.roles

  name               = "${var.prefix}-job-${each.key}"
  description        = "What jobs of ${each.key} may do."
  assume_role_policy = local.trusts[each.value.principal][0]
}

resource "aws_iam_role_policy" "job" {
  for_each = { for service, role in local.roles : service => role if length(role.statements) > 0 }

  name = each.key
  role = aws_iam_role.job[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in each.value.statements :
      { Sid = statement.sid, Effect = "Allow", Action = statement.actions, Resource = statement.resources }
    ]
  })
}

resource "aws_iam_role" "service" {
  for_each = local.services

  name               = "${var.prefix}-jobs-${each.key}"
  description        = "What ${each.key} does for jobs."
  assume_role_policy = local.trusts[each.key][0]
}

resource "aws_iam_role_policy_attachment" "service" {
  for_each = local.services

  role       = aws_iam_role.service[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/${each.value}"
}
