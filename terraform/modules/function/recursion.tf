# What Lambda does about a function that, over queues, topics or buckets, invokes itself again and again: it stops the
# chain after about 16 invocations. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
resource "aws_lambda_function_recursion_config" "this" {
  function_name  = aws_lambda_function.this.function_name
  recursive_loop = var.recursive_loop
}
