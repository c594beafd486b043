# What happens to dragons is told here; who wants to hear of it has a rule.
resource "aws_cloudwatch_event_bus" "this" {
  name = var.context.prefix
}

# What was told, to be told again: `make replay`.
resource "aws_cloudwatch_event_archive" "this" {
  name             = var.context.prefix
  description      = "Every event of the bus."
  event_source_arn = aws_cloudwatch_event_bus.this.arn
  retention_days   = var.archive_days
}
