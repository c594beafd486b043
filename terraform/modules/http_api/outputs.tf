output "invoke_url" {
  description = "URL of the API, without a stage."
  value       = local.invoke_url
}
