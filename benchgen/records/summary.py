"""`summary.json`: the keys that every kind of run shares, and beside them each kind's own."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.record import Record
from benchgen.records.report import Breakdown, EngineTokens, Metric
from benchgen.records.run import SCHEMA_VERSION
from benchgen.records.status import AttemptStatus, Kind, RunStatus


class Raw(Record):
    """Where the numbers come from."""

    source: str
    hint: str


class CostParts(Record):
    """The parts that add up to a run's cost: attempts that count, those that retries replaced, answers of attempts
    without an outcome, and machines."""

    counted_usd: float
    superseded_usd: float
    unfinished_usd: float
    machines_usd: float


class Summary(Record, kw_only=True):
    """The shared keys. `num_success` counts tasks that any attempt solved; `success_rate` is the mean over tasks."""

    schema_version: int = SCHEMA_VERSION
    kind: Kind
    run_id: str
    run_name: str
    benchmark_name: str
    status: RunStatus
    model_id: str | None
    models: tuple[str, ...]
    created_at: str
    finished_at: str | None
    num_tasks: int
    num_success: int
    success_rate: float | None
    success_rate_ci: tuple[float, float] | None
    primary_metric: Metric | None
    breakdowns: tuple[Breakdown, ...]
    notes: tuple[str, ...]
    raw: Raw
    cost_usd: float | None
    cost_parts: CostParts
    is_mock: bool


class AttemptUsage(Record):
    """Tokens of one attempt, in seed 001's words."""

    prompt_tokens: int
    completion_tokens: int


class AttemptEntry(Record):
    """One attempt in a code run's summary; `attempt_dir` is relative to the run folder."""

    task_id: str
    model: str
    provider: str
    sample_index: int
    status: AttemptStatus
    return_code: int | None
    error: str | None
    attempt_dir: str
    eval_command: tuple[str, ...] | None
    eval_timeout_seconds: float | None
    stdout_excerpt: str
    stderr_excerpt: str
    usage: AttemptUsage | None
    api_latency_seconds: float | None
    duration_seconds: float
    cost_usd: float | None


class SupersededEntry(Record):
    """An attempt that a retry replaced: it counts nowhere, but it was paid for."""

    task_id: str
    model: str
    sample_index: int
    status: AttemptStatus
    attempt_dir: str
    cost_usd: float | None
    replaced_by: str


class Overall(Record):
    """Means over models."""

    macro_model_accuracy: float | None
    macro_attempt_success: float | None


class CodeMetrics(Record):
    """By model: tasks solved by any sample, attempts passed, pass@1 and pass@k with k the number of samples."""

    model_accuracy: Mapping[str, float | None]
    model_attempt_success: Mapping[str, float | None]
    pass_at_1: Mapping[str, float | None]
    pass_at_k: Mapping[str, float | None]
    overall: Overall
    api_errors_excluded: int


class Timing(Record):
    """Sums over attempts, in seconds."""

    total_duration_seconds: float
    total_api_latency_seconds: float


class CodeTokens(Record):
    """`total_cost_usd` is a lower bound where an answer's price is unknown, None where no price is known."""

    prompt_tokens: int | None
    completion_tokens: int | None
    total_cost_usd: float | None


class Pricing(Record):
    """Where the price of a model's answers comes from."""

    source: str


class CodeSummary(Summary, kw_only=True):
    """Seed 001's keys; `run_dir` and `output_dir` are names, not places on somebody's machine."""

    timestamp_utc: str
    run_dir: str
    output_dir: str
    tasks: tuple[str, ...]
    provider: str | None
    samples: int
    temperature: float | None
    max_tokens: int | None
    include_tests: bool | None
    install_deps: bool | None
    attempts: tuple[AttemptEntry, ...]
    superseded_attempts: tuple[SupersededEntry, ...]
    status_counts: Mapping[AttemptStatus, int]
    model_status_counts: Mapping[str, Mapping[AttemptStatus, int]]
    task_status: Mapping[str, AttemptStatus]
    metrics: CodeMetrics
    timing: Timing
    token_usage: CodeTokens
    pricing: Mapping[str, Pricing]


class DatasetSummary(Summary, kw_only=True):
    """Seed 003's keys. `successful` rows got an answer, right or wrong; `throughput` is completion tokens a second."""

    dataset_id: str | None
    dataset_name: str
    completed: int
    total: int
    successful: int
    failed: int
    total_time_seconds: float | None
    throughput: float | None
    prompt_tokens: int | None
    completion_tokens: int | None
    total_tokens: int | None
    avg_prompt_tokens: float | None
    avg_completion_tokens: float | None


class OpenbenchSummary(Summary, kw_only=True):
    """Seed 002's keys; its breakdowns and notes are the shared ones."""

    metrics: tuple[Metric, ...]
    token_usage: EngineTokens


class EpisodeEntry(Record):
    """One episode in an agent run's summary; `error_type` tells a fault of the infrastructure from the agent's own."""

    task_id: str
    success: bool
    score: float | None
    num_steps: int | None
    error: str | None
    reason: str | None
    error_type: str | None


class AgentSummary(Summary, kw_only=True):
    """Seed 004's keys, over the episodes that count."""

    avg_score: float | None
    avg_steps: float | None
    avg_time_seconds: float | None
    num_infrastructure_failures: int
    tasks: tuple[EpisodeEntry, ...]


KIND_OF: Mapping[Kind, type[Summary]] = {
    "code": CodeSummary,
    "dataset": DatasetSummary,
    "openbench": OpenbenchSummary,
    "agent": AgentSummary,
}
