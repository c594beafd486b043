resource "aws_sfn_state_machine" "report_dragon" {
  name     = "${var.context.prefix}-report_dragon"
  type     = "STANDARD"
  role_arn = aws_iam_role.report_dragon.arn

  definition = templatefile("${path.module}/report_dragon.asl.json.tftpl", {
    validate_dragon_arn = var.validate_dragon_arn
    table_name          = var.table_name
  })

  tracing_configuration {
    enabled = true
  }

  # Creating a state machine checks what its role may do; the role's policy has to be there first.
  depends_on = [aws_iam_role_policy.report_dragon]
}
