output "state_machines" {
  description = "Each state machine, by its name: its ARN, unqualified, and that of its alias `live`, by which it is started."
  value = {
    for name, machine in { report_dragon = module.report_dragon, summarise_dragons = module.summarise_dragons } :
    name => { arn = machine.arn, live_arn = machine.live_arn }
  }
}

output "inspect_dragon_activity" {
  description = "The ARN of the activity whose workers inspect dragons."
  value       = aws_sfn_activity.inspect_dragon.id
}

output "texts_table" {
  description = "The table of how many texts each reporter's reports have sent."
  value       = module.texts.name
}

output "queues" {
  description = "The queues, by the folder of the function that takes their messages."
  value       = { open_review = module.reviews }
}

output "dead_letter_queues" {
  description = "The dead-letter queues, by the folder of the function whose failures they hold."
  value       = { open_review = module.reviews_dead_letters, renew_reviews = module.beats_lost }
}

output "reviews_table" {
  description = "The table of reviews: its name, ARN and its index's ARN."
  value       = module.reviews_table
}
