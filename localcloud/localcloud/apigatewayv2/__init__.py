"""HTTP APIs: moto keeps their definitions, the modules here serve them."""
