"""What the functions share: the dragon's schemas and names, the dataset's layout, requests and answers."""
