variable "context" {
  description = "What the rooms of an environment share: what its names begin with, its region and account, and whether data refuses to be destroyed."
  type        = object({ prefix = string, region = string, account_id = string, protect_data = bool })
  nullable    = false
}

variable "athena" {
  description = "How many bytes a query reads at most, and for how many days its result is kept (null: for good)."
  type        = object({ bytes_per_query = number, result_days = number })
  nullable    = false
}

variable "dataset" {
  description = "Where the dataset is: its bucket, that one's ARN, and what its objects' keys begin with."
  type        = object({ bucket = string, bucket_arn = string, prefix = string })
  nullable    = false
}
