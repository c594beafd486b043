output "table_name" {
  description = "The table of dragons."
  value       = aws_dynamodb_table.dragons.name
}

output "table_arn" {
  description = "The table's ARN."
  value       = aws_dynamodb_table.dragons.arn
}

output "family_index" {
  description = "The table's index of dragons by their family: its name and ARN."
  value       = { name = "by_family", arn = "${aws_dynamodb_table.dragons.arn}/index/by_family" }
}

output "name_index" {
  description = "The table's index of dragons in the order of their names: its name and ARN."
  value       = { name = "by_name", arn = "${aws_dynamodb_table.dragons.arn}/index/by_name" }
}

output "stream_arn" {
  description = "The ARN of the table's stream."
  value       = aws_dynamodb_table.dragons.stream_arn
}

output "dataset_bucket" {
  description = "The bucket that holds the dataset."
  value       = module.dataset.name
}

output "dataset_bucket_arn" {
  description = "The bucket's ARN."
  value       = module.dataset.arn
}

output "dataset_prefix" {
  description = "What the keys of the dataset's objects begin with."
  value       = local.dataset_prefix
}

output "parameters" {
  description = "The parameters by their last name: name and ARN of each."
  value = {
    for key, parameter in {
      dataset_bucket = aws_ssm_parameter.dataset_bucket
      dataset_prefix = aws_ssm_parameter.dataset_prefix
      query_engine   = aws_ssm_parameter.query_engine
    } : key => { name = parameter.name, arn = parameter.arn }
  }
}

output "state_machines" {
  description = "The state machines of the dataset's upkeep: ARN, unqualified, and that of the alias `live`."
  value       = { compact_dataset = { arn = module.compact_dataset.arn, live_arn = module.compact_dataset.live_arn } }
}

output "dead_letter_queues" {
  description = "The queues of what could not be started, by its name."
  value       = { compact_dataset = module.compactions_lost }
}
