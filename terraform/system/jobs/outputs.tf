output "state_machines" {
  description = "Each state machine, by its name: its ARN, unqualified, and that of its alias `live`, by which it is started."
  value       = { run_job = { arn = module.run_job.arn, live_arn = module.run_job.live_arn } }
}
