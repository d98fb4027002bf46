"""How often the intervals hold the truth: simulated benchmarks, comparisons, histories and runs, as a table.

Run it from the checkout: `python scripts/bench/coverage.py [repetitions]`. Beside each method stands the plain one that
it replaced.
"""

from __future__ import annotations

import heapq
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, median, stdev

from benchgen.numbers.changepoints import RunCount, magnitude_segments, rate_segments
from benchgen.numbers.distributions import t_ppf
from benchgen.numbers.eta import Workload, eta
from benchgen.numbers.paired import paired_test
from benchgen.numbers.rates import TaskOutcome, rate, wilson

TASKS = (31, 154, 500)
RATES = (0.05, 0.1, 0.3, 0.5, 0.8, 0.95)
DISCORDANT = ((0.1, 0.5), (0.1, 0.7), (0.2, 0.5), (0.2, 0.9), (0.4, 0.7))
LAWS: dict[str, Callable[[Random], float]] = {
    "lognormal 0.5": lambda rng: rng.lognormvariate(4, 0.5),
    "lognormal 1.0": lambda rng: rng.lognormvariate(4, 1.0),
    "gamma 2": lambda rng: rng.gammavariate(2, 30),
    "two modes": lambda rng: rng.lognormvariate(3 if rng.random() < 0.7 else 4.8, 0.3),
}


@dataclass(frozen=True)
class Snapshot:
    """A run half way: what is known of it, and the seconds that it really still takes."""

    work: Workload
    rest: float


def t_holds(values: Sequence[float], truth: float) -> bool:
    """Whether the plain t-interval of a mean holds the truth."""
    half = t_ppf(0.975, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return abs(fmean(values) - truth) <= half


def simulated_outcomes(rng: Random, tasks: int, samples: int, share: float, alike: float) -> list[TaskOutcome]:
    """Tasks whose difficulties scatter around `share` by a beta law; the smaller `alike`, the more samples agree."""
    difficulties = (rng.betavariate(alike * share, alike * (1 - share)) for _ in range(tasks))
    return [TaskOutcome(sum(rng.random() < p for _ in range(samples)), samples) for p in difficulties]


def rate_coverage(rng: Random, repetitions: int, tasks: int, samples: int, share: float) -> list[float]:
    """The share of benchmarks whose interval holds the rate: ours, and the t-interval over task means."""
    ours = plain = 0
    for _ in range(repetitions):
        outcomes = simulated_outcomes(rng, tasks, samples, share, alike=1.0)
        interval = rate(outcomes).interval
        ours += interval is not None and interval.low <= share <= interval.high
        plain += t_holds([outcome.share for outcome in outcomes], share)
    return [ours / repetitions, plain / repetitions]


def any_benchmark(rng: Random, samples: int) -> bool:
    """Whether the interval of one benchmark holds its rate: any size, any rate, any scatter of difficulties."""
    tasks, share, alike = rng.randint(31, 500), rng.uniform(0.05, 0.95), rng.choice((0.3, 1.0, 4.0, 1e6))
    interval = rate(simulated_outcomes(rng, tasks, samples, share, alike)).interval
    return interval is not None and interval.low <= share <= interval.high


def exact_coverage(tasks: int, share: float) -> float:
    """With one sample a task the number that pass is binomial: how often the interval holds the rate, without chance.

    Counts are whole numbers, so that the coverage jumps with the rate and no interval keeps to 95 % at each of them.
    """
    held = 0.0
    for passed in range(tasks + 1):
        interval = wilson(passed / tasks, tasks)
        if interval.low <= share <= interval.high:
            logs = math.lgamma(tasks + 1) - math.lgamma(passed + 1) - math.lgamma(tasks - passed + 1)
            held += math.exp(logs + passed * math.log(share) + (tasks - passed) * math.log(1 - share))
    return held


def paired_coverage(rng: Random, repetitions: int, tasks: int, discordant: float, for_b: float) -> list[float]:
    """Comparisons whose interval holds the difference, ours and the plain t; then those of ours that claim one."""
    truth = discordant * (2 * for_b - 1)
    ours = plain = claimed = 0
    for _ in range(repetitions):
        draws = (rng.random() for _ in range(tasks))
        differences = [1.0 if u < discordant * for_b else -1.0 if u < discordant else 0.0 for u in draws]
        test = paired_test(differences)
        if test is None:
            continue
        interval = test.interval()
        ours += interval.low <= truth <= interval.high
        claimed += test.p < 0.05
        plain += t_holds(differences, truth)
    return [ours / repetitions, plain / repetitions, claimed / repetitions]


def alarms(rng: Random, repetitions: int, runs: int) -> list[float]:
    """Histories that are split: level rates, rates that drop by 15 pp, level times, times that double."""
    counts = [0, 0, 0, 0]
    for _ in range(repetitions):
        for place, later in enumerate((0.6, 0.45)):
            chances = [0.6] * (runs // 2) + [later] * (runs - runs // 2)
            history = [RunCount(sum(rng.random() < p for _ in range(31)), 31) for p in chances]
            counts[place] += len(rate_segments(history)) > 1
        for place, factor in ((2, 1.0), (3, 2.0)):
            times = [rng.lognormvariate(3, 0.3) * (factor if i >= runs // 2 else 1.0) for i in range(runs)]
            counts[place] += len(magnitude_segments(times)) > 1
    return [count / repetitions for count in counts]


def eta_coverage(
    rng: Random, repetitions: int, shape: tuple[int, int, int], law: Callable[[Random], float]
) -> list[float]:
    """Of runs of shape (attempts, workers, finished): range holds the rest; medians of point and of pace over truth."""
    attempts, workers, finished = shape
    held, points, paces = 0, [], []
    for _ in range(repetitions):
        seen = snapshot([law(rng) for _ in range(attempts)], workers, finished)
        estimate, rest = eta(seen.work, rng), seen.rest
        if estimate is None or rest <= 0:
            continue
        held += estimate.low <= rest <= estimate.high
        points.append(estimate.seconds / rest)
        paces.append(estimate.pace / rest)
    return [held / len(points), median(points), median(paces)]


def snapshot(durations: Sequence[float], workers: int, finished: int) -> Snapshot:
    """What is known when so many attempts have finished, and how long the rest then takes."""
    lanes = [0.0] * workers
    spans = []
    for duration in durations:
        start = lanes[0]
        heapq.heapreplace(lanes, start + duration)
        spans.append((start, start + duration))
    now = sorted(end for _, end in spans)[finished - 1]
    done = [end - start for start, end in spans if end <= now]
    running = [now - start for start, end in spans if start <= now < end]
    work = Workload(done, running, len(spans) - len(done) - len(running), workers, now)
    return Snapshot(work, max(lanes) - now)


def main(repetitions: int) -> None:
    """Print all tables; shares in percent."""
    rng = Random(20)
    print("benchmarks of any size and rate  holds")
    for samples in (1, 3):
        held = sum(any_benchmark(rng, samples) for _ in range(repetitions))
        show(f"31 to 500 tasks, {samples} samples, p 0.05 to 0.95", [held / repetitions])
    print("one sample a task, no chance     holds: least, mean, most over p 0.05 to 0.95")
    for tasks in TASKS:
        held_at = [exact_coverage(tasks, 0.05 + 0.005 * step) for step in range(181)]
        show(f"{tasks} tasks", [min(held_at), fmean(held_at), max(held_at)])
    print("rate, 95 % interval             ours  t over task means")
    for samples in (1, 3):
        for tasks in TASKS:
            for share in RATES:
                show(
                    f"{tasks} tasks, {samples} samples, p {share}",
                    rate_coverage(rng, repetitions, tasks, samples, share),
                )
    print("difference, 95 % interval       ours  paired t  claimed")
    for tasks in TASKS:
        for discordant, for_b in DISCORDANT:
            results = paired_coverage(rng, repetitions, tasks, discordant, for_b)
            show(f"{tasks} tasks, {discordant:.0%} differ, {for_b:.0%} for b", results)
    print("histories split                 level rate  -15 pp  level time  doubled time")
    for runs in (3, 5, 10, 30, 60):
        show(f"{runs} runs", alarms(rng, repetitions // 2, runs))
    print("time to go, 80 % range          holds  point/truth  pace/truth (all in %)")
    for name, law in LAWS.items():
        for shape in (
            (31, 1, 3),
            (31, 4, 3),
            (31, 4, 6),
            (31, 4, 15),
            (31, 4, 28),
            (154, 16, 20),
            (154, 16, 77),
            (1000, 16, 100),
            (1000, 16, 900),
        ):
            label = f"{name}, {shape[0]} on {shape[1]} after {shape[2]}"
            show(label, eta_coverage(rng, max(20, repetitions // 8), shape, law))


def show(label: str, shares: Sequence[float]) -> None:
    """One row."""
    print(f"{label:40}" + "".join(f"{100 * share:8.1f}" for share in shares), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
