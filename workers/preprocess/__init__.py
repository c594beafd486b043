"""The job `preprocess`: cleans a file of reports, so that `import_dragons` can read it."""
