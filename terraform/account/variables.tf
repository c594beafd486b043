variable "region" {
  description = "The AWS region whose API Gateway is to write logs."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be the name of an AWS region such as us-east-1."
  }
}

variable "account_id" {
  description = "The account's twelve digits: Terraform acts in no other."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the account's twelve digits."
  }
}
