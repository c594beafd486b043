# `make plan` and `make apply` refuse what plain Terraform warns of here.
variable "placeholder_domains" {
  description = "What becomes of domains that end with .example, which nobody can own (RFC 2606): warn, or ignore, for tests."
  type        = string
  default     = "warn"
  nullable    = false

  validation {
    condition     = contains(["warn", "ignore"], var.placeholder_domains)
    error_message = "placeholder_domains must be warn or ignore."
  }
}

check "domains" {
  assert {
    condition = var.placeholder_domains == "ignore" || !anytrue([
      for url in concat(local.allowed_origins, local.sign_in.callback_urls, local.sign_in.logout_urls, try(local.edge.aliases, [])) :
      can(regex("\\.example(:[0-9]+)?(/|$)", url))
    ])
    error_message = "settings.tf still names domains that end with .example: write your site's own, or http://localhost:3000 alone to begin with."
  }
}
