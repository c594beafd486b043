# The machine and its role were once this room's own.
moved {
  from = aws_sfn_state_machine.report_dragon
  to   = module.report_dragon.aws_sfn_state_machine.this
}

moved {
  from = aws_iam_role.report_dragon
  to   = module.report_dragon.aws_iam_role.this
}

moved {
  from = aws_iam_role_policy.report_dragon
  to   = module.report_dragon.aws_iam_role_policy.this[0]
}
