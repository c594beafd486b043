output "bus" {
  description = "The bus: its name and ARN."
  value       = { name = aws_cloudwatch_event_bus.this.name, arn = aws_cloudwatch_event_bus.this.arn }
}

output "sightings_topic" {
  description = "The ARN of the topic that tells of dragons that come, change and go."
  value       = aws_sns_topic.sightings.arn
}

output "queues" {
  description = "The queues, by the folder of the function that takes their messages."
  value       = { keep_journal = module.journal, tally_families = module.tally }
}

output "dead_letter_queues" {
  description = "The dead-letter queues: of the queues, by the folder of the function, and of what was not delivered on the way to them."
  value = merge(
    { keep_journal = module.journal_dead_letters, tally_families = module.tally_dead_letters },
    { for name, queue in module.undelivered : name => queue },
  )
}
