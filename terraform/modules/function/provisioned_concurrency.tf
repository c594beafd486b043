# Execution environments of `live` that are ready before anybody calls. How many there are is Application Auto Scaling's
# from the first apply on, and within its bounds no change to plan.
# https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
locals {
  provisioned      = var.provisioned_concurrency == null ? [] : [var.provisioned_concurrency]
  schedules        = merge([for each in local.provisioned : each.schedules]...)
  provisioned_most = [for each in local.provisioned : coalesce(each.maximum, each.minimum)]
  scalable_target  = one(concat(aws_appautoscaling_target.live, aws_appautoscaling_target.scheduled))

  provisioned_id = "function:${aws_lambda_function.this.function_name}:${aws_lambda_alias.live.name}"
}

# None while the function is halted: Lambda provisions no more than is reserved.
resource "aws_lambda_provisioned_concurrency_config" "live" {
  count = local.halted ? 0 : length(local.provisioned)

  function_name                     = aws_lambda_function.this.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = local.provisioned[0].minimum

  lifecycle {
    ignore_changes = [provisioned_concurrent_executions]
  }
}

# Other bounds bring the present number within them.
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
resource "aws_appautoscaling_target" "live" {
  count = length(local.schedules) > 0 ? 0 : length(local.provisioned)

  service_namespace  = "lambda"
  scalable_dimension = "lambda:function:ProvisionedConcurrency"
  resource_id        = local.provisioned_id
  min_capacity       = local.provisioned[0].minimum
  max_capacity       = local.provisioned_most[0]

  depends_on = [aws_lambda_provisioned_concurrency_config.live]
}

# Where schedules change the bounds, those of the input are the first, and no more.
resource "aws_appautoscaling_target" "scheduled" {
  count = length(local.schedules) > 0 ? 1 : 0

  service_namespace  = "lambda"
  scalable_dimension = "lambda:function:ProvisionedConcurrency"
  resource_id        = local.provisioned_id
  min_capacity       = local.provisioned[0].minimum
  max_capacity       = local.provisioned_most[0]

  depends_on = [aws_lambda_provisioned_concurrency_config.live]

  lifecycle {
    ignore_changes = [min_capacity, max_capacity]
  }
}

resource "aws_appautoscaling_policy" "utilization" {
  count = length([for each in local.provisioned : each if each.utilization != null])

  name               = "utilization"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = local.scalable_target.service_namespace
  scalable_dimension = local.scalable_target.scalable_dimension
  resource_id        = local.scalable_target.resource_id

  target_tracking_scaling_policy_configuration {
    target_value = local.provisioned[0].utilization

    predefined_metric_specification {
      predefined_metric_type = "LambdaProvisionedConcurrencyUtilization"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = local.schedules

  name               = each.key
  service_namespace  = local.scalable_target.service_namespace
  scalable_dimension = local.scalable_target.scalable_dimension
  resource_id        = local.scalable_target.resource_id
  schedule           = each.value.schedule
  timezone           = each.value.timezone

  scalable_target_action {
    min_capacity = each.value.minimum
    max_capacity = each.value.maximum
  }
}
