locals {
  dataset_prefix = "dragons/"
}
