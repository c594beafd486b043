# ECS, on Fargate: nothing is charged while no task runs.
locals {
  container = "job"
}

resource "aws_ecs_cluster" "this" {
  count = var.ecs == null ? 0 : 1

  name = "${var.prefix}-jobs"
}

resource "aws_ecs_task_definition" "this" {
  count = var.ecs == null ? 0 : 1

  family                   = "${var.prefix}-job"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.ecs.cpu
  memory                   = var.ecs.memory_mb
  task_role_arn            = aws_iam_role.job["ecs"].arn
  execution_role_arn       = aws_iam_role.service["ecs-tasks"].arn

  container_definitions = jsonencode([{
    name        = local.container
    image       = var.ecs.image
    essential   = true
    environment = [for name, value in var.ecs.variables : { name = name, value = value }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.ecs[0].name
        awslogs-region        = var.region
        awslogs-stream-prefix = local.container
      }
    }
  }])
}

resource "aws_cloudwatch_log_group" "ecs" {
  count = var.ecs == null ? 0 : 1

  name              = "/ecs/${var.prefix}-jobs"
  retention_in_days = var.log_retention_days
}
