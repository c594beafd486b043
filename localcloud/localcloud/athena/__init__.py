"""Athena: moto's control plane, and queries that run, by DuckDB over tables of text in the local S3."""
