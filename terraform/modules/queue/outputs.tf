output "name" {
  description = "The queue's name."
  value       = aws_sqs_queue.this.name
}

output "url" {
  description = "The queue's URL."
  value       = aws_sqs_queue.this.url
}

output "arn" {
  description = "The queue's ARN."
  value       = aws_sqs_queue.this.arn
}

output "visibility_timeout_seconds" {
  description = "Seconds for which a message that was received is hidden from others."
  value       = var.visibility_timeout_seconds
}
