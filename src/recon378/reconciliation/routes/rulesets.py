"""Rulesets: proposals, versions."""

from uuid import UUID

from fastapi import APIRouter

from recon378.accounts.deps import CurrentActor, Session, Storage
from recon378.files.deps import LIMIT_DEFAULT, Cursor, Limit
from recon378.paging import Page
from recon378.problems import problems
from recon378.reconciliation.schemas import Proposal, ProposalRequest, RulesetOut, RulesetSave
from recon378.reconciliation.service import rulesets

router = APIRouter()


@router.post("/projects/{project_id}/proposals", responses=problems(401, 403, 404, 409, 422))
async def propose_ruleset(
    project_id: UUID, data: ProposalRequest, actor: CurrentActor, session: Session, storage: Storage
) -> Proposal:
    """What zero configuration would do with two files."""
    return await rulesets.propose(session, storage, actor, project_id, data)


@router.get("/projects/{project_id}/rulesets", responses=problems(401, 404, 422))
async def list_rulesets(
    project_id: UUID, actor: CurrentActor, session: Session, cursor: Cursor = None, limit: Limit = LIMIT_DEFAULT
) -> Page[RulesetOut]:
    """Rulesets of a project in their newest versions."""
    return await rulesets.list_rulesets(session, actor, project_id, cursor, limit)


@router.post("/projects/{project_id}/rulesets", status_code=201, responses=problems(401, 403, 404, 422))
async def create_ruleset(project_id: UUID, data: RulesetSave, actor: CurrentActor, session: Session) -> RulesetOut:
    """Save a new ruleset."""
    return await rulesets.save_ruleset(session, actor, project_id, data)


@router.get("/rulesets/{ruleset_id}", responses=problems(401, 404))
async def get_ruleset(ruleset_id: UUID, actor: CurrentActor, session: Session) -> RulesetOut:
    """A ruleset in its newest version."""
    return await rulesets.get_ruleset(session, actor, ruleset_id)


@router.post("/rulesets/{ruleset_id}", status_code=201, responses=problems(401, 403, 404, 422))
async def create_ruleset_version(ruleset_id: UUID, data: RulesetSave, actor: CurrentActor, session: Session) -> RulesetOut:
    """Save the next version of a ruleset; the earlier ones stay."""
    return await rulesets.save_version(session, actor, ruleset_id, data)
