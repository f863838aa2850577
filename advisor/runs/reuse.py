"""Answers bought before: by the same call, or by one that allowed a shorter answer and was not cut."""

from collections.abc import Collection, Sequence

from advisor.case.run_spec import PlannedCall, RunSpec
from advisor.evidence.model import Output
from advisor.store.repository import Store


def bought_before(store: Store, spec: RunSpec, calls: Sequence[PlannedCall]) -> dict[str, Output]:
    """Answers that need not be bought again, by call hash.

    An answer that came to its end within a lower limit is what a higher one would have brought:
    after the limit is raised only what was missing or cut is asked for again.

    Args:
        store: of the owner.
        spec: what the run buys.
        calls: of that spec.
    """
    found = store.reusable([call.call_hash for call in calls])
    missing = [call for call in calls if call.call_hash not in found]
    prompts = {prompt.id: prompt for prompt in spec.prompts}
    for most in sorted(store.bounds(), reverse=True) if missing else ():
        lower = {
            spec.call(prompts[call.prompt_id], call.arm, call.sample, most).call_hash: call
            for call in missing
            if most < call.max_output_tokens
        }
        for call_hash, output in store.reusable(lower.keys()).items():
            if not output.truncated:
                found[lower[call_hash].call_hash] = output
        missing = [call for call in missing if call.call_hash not in found]
    return found


def bought_hashes(store: Store, spec: RunSpec, calls: Sequence[PlannedCall]) -> Collection[str]:
    """Hashes of the calls whose answer need not be bought."""
    return bought_before(store, spec, calls).keys()
