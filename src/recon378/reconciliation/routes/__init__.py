"""The routes of rulesets, jobs, matches, exceptions and downloads, as one router."""

from fastapi import APIRouter

from recon378.reconciliation.routes import downloads, exceptions, jobs, matches, rulesets

router = APIRouter(tags=["reconciliation"])
for part in (rulesets, jobs, matches, exceptions, downloads):
    router.include_router(part.router)
