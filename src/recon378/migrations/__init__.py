"""The schema, step by step.

A file named pre_ runs before the new version is deployed and suits the old one too; post_ runs after the old one is gone.
"""
