"""The figures that chapters share: one module a subject, one function a figure."""
