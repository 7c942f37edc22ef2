"""The routes of rulesets, jobs, matches, error budgets, differences, exceptions and downloads, as one router."""

from fastapi import APIRouter

from recon378.reconciliation.routes import differences, downloads, error_budget, exceptions, jobs, matches, rulesets

router = APIRouter(tags=["reconciliation"])
for part in (rulesets, jobs, matches, error_budget, differences, exceptions, downloads):
    router.include_router(part.router)
