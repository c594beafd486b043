output "workgroup" {
  description = "The workgroup that queries run in."
  value       = aws_athena_workgroup.dragons.name
}

output "database" {
  description = "The catalog's database of the tables."
  value       = aws_glue_catalog_database.dragons.name
}

output "policy_statements" {
  description = "What a function that queries the tables has to be allowed, besides listing and reading the dataset: Athena acts as the caller."
  value       = local.policy_statements
}
