output "dead_letter_queue_name" {
  description = "The queue of the batches that were given up."
  value       = aws_sqs_queue.dead_letters.name
}

output "dead_letter_queue_url" {
  description = "The queue's URL."
  value       = aws_sqs_queue.dead_letters.url
}

output "dead_letter_queue_arn" {
  description = "The queue's ARN."
  value       = aws_sqs_queue.dead_letters.arn
}
